package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// childEnv makes this test binary the process that is killed. Its value is the path of the database.
const childEnv = "LIVE_TEST_CRASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(m.Run())
}

// writeUntilKilled inserts two rows in each call and prints the commit of each that was answered.
func writeUntilKilled(path string) {
	table := note(uniqueText)
	s, err := sqlite.Open(context.Background(), path, []*relation.Table{table}, sqlite.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for w := range 8 {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, n)
				c, err := store.Write(context.Background(), s, func(tx store.Tx) error {
					// Both rows or none.
					return errors.Join(tx.Insert(table, relation.Row{id + "a", id + "a"}), tx.Insert(table, relation.Row{id + "b", id + "b"}))
				})
				if err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Println("done", id, c.Seq)
			}
		}()
	}
	select {}
}

// TestKill kills a writing process again and again: all answered calls must be there, and each call as a whole or not at all.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	table := note(uniqueText)
	answered := map[string]bool{}
	last := uint64(0)
	for round := range 5 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childEnv+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines, want := bufio.NewReader(out), len(answered)+50+37*round
		for {
			text, err := lines.ReadString('\n')
			if err == io.EOF {
				break
			}
			f := strings.Fields(text)
			switch {
			case len(f) == 3 && f[0] == "done":
				answered[f[1]] = true
				seq, err := strconv.ParseUint(f[2], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				last = max(last, seq)
			default:
				t.Fatalf("the child says %q", text)
			}
			if len(answered) == want {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // it was killed
	}
	s := mustOpen(t, path, sqlite.Options{}, table)
	err := s.Read(t.Context(), func(tx store.Tx) error {
		for id := range answered {
			row, err := tx.Get(table, relation.Row{id + "a"})
			if err != nil {
				return err
			}
			if row == nil {
				t.Errorf("%s was answered and is lost", id)
			}
		}
		rows, err := tx.Query(chain.NewQuery("notes", &relation.Scan{Table: table}))
		if err != nil {
			return err
		}
		halves := map[string]int{}
		for _, r := range rows {
			id := r[0].(string)
			halves[id[:len(id)-1]]++
		}
		for call, n := range halves {
			if n != 2 {
				t.Errorf("call %s is there by half", call)
			}
		}
		if tx.Seq() < last {
			t.Errorf("the sequence is %d, after %d was answered", tx.Seq(), last)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(answered) < 5*50 {
		t.Errorf("only %d calls were answered", len(answered))
	}
}
