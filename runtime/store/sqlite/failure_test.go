package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// TestFull makes the database full in the middle of a group. SQLite may then end the whole transaction, so no call of the group may
// succeed.
func TestFull(t *testing.T) {
	blob := &relation.Table{
		Name:    "blob",
		Columns: relation.Schema{{Name: "id", Kind: relation.Int}, {Name: "data", Kind: relation.Bytes}},
		Key:     []int{0},
	}
	opened, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), []*relation.Table{blob}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*Store)
	defer s.Close()
	var heard []uint64
	s.OnCommit(func(c store.Commit) { heard = append(heard, c.Seq) })
	if _, err := s.w.c.one("PRAGMA max_page_count = 64"); err != nil { // the writer is idle
		t.Fatal(err)
	}
	const calls = 40
	type answer struct {
		id  int
		err error
	}
	answers := make(chan answer, calls)
	begun, hold := make(chan struct{}), make(chan struct{})
	go store.Write(t.Context(), s, func(store.Tx) error { close(begun); <-hold; return nil })
	<-begun // so that the others form groups
	for i := range calls {
		s.Submit(t.Context(), func(tx store.Tx) error {
			err := tx.Insert(blob, relation.Row{int64(i), make([]byte, 10_000)})
			if i%2 == 0 {
				return nil // a call that ignores the error fails all the same
			}
			return err
		}, func(_ store.Commit, err error) { answers <- answer{i, err} })
	}
	close(hold)
	done := map[int]bool{}
	for range calls {
		a := <-answers
		if a.err != nil && !errors.Is(a.err, store.ErrUnavailable) {
			t.Errorf("call %d: error %v, want ErrUnavailable", a.id, a.err)
		}
		done[a.id] = a.err == nil
	}
	failed := 0
	err = s.Read(t.Context(), func(tx store.Tx) error {
		for i := range calls {
			row, err := tx.Get(blob, relation.Row{int64(i)})
			if err != nil {
				return err
			}
			if (row != nil) != done[i] {
				t.Errorf("call %d: answered as done: %v, there: %v", i, done[i], row != nil)
			}
			if !done[i] {
				failed++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed == 0 {
		t.Error("the database never filled up")
	}
	// When there is space again, the store goes on.
	if _, err := store.Write(t.Context(), s, func(t store.Tx) error {
		_, err := t.(*tx).c.one("PRAGMA max_page_count = 100000")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	c, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(blob, relation.Row{int64(1000), []byte("x")}) })
	if err != nil || len(heard) == 0 || c.Seq != heard[len(heard)-1] {
		t.Errorf("commit %v, %v; heard %v", c, err, heard)
	}
	for i, seq := range heard {
		if seq != uint64(i+1) {
			t.Fatalf("heard %v: a sequence was used and lost", heard)
		}
	}
}

// TestDurability checks the setting for durability, since killing a process cannot show whether a commit survives a crash of the machine.
func TestDurability(t *testing.T) {
	const full = int64(2) // https://sqlite.org/pragma.html#pragma_synchronous
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Write(t.Context(), s, func(w store.Tx) error {
		row, err := w.(*tx).c.one("PRAGMA synchronous")
		if err == nil && row[0] != full {
			t.Errorf("synchronous is %v, want %d", row[0], full)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
