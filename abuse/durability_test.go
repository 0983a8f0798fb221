package abuse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// writers are half over WebSockets, half over HTTP.
func writers(n int, name string) (list []*Writer) {
	for i := range n {
		list = append(list, &Writer{Name: fmt.Sprint(name, i), Socket: i%2 == 0, From: Address(i)})
	}
	return list
}

func answered(list []*Writer) (n int) {
	for _, w := range list {
		n += w.Answered()
	}
	return n
}

// durable starts a server on a database.
func durable(ctx context.Context, t *testing.T, c Config) *Server {
	t.Helper()
	c.Program = program(t)
	s, err := Start(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// written starts a server with a new database, in which two writers have written a little.
func written(ctx context.Context, t *testing.T, name string, flags ...string) (*Server, []*Writer) {
	t.Helper()
	s, list := durable(ctx, t, Config{DB: filepath.Join(t.TempDir(), "a.db"), Flags: flags}), writers(2, name)
	for _, w := range list {
		if err := w.Run(ctx, s, 5); err != nil {
			t.Fatal(err)
		}
	}
	return s, list
}

// verify makes each call that was not answered again, and then compares the rows with the calls.
func verify(ctx context.Context, t *testing.T, s *Server, list []*Writer) {
	t.Helper()
	for _, w := range list {
		if err := errors.Join(w.Run(ctx, s, 1), w.Verify(ctx, s)); err != nil {
			t.Error(err)
		}
	}
}

// TestKilled kills a server again and again while clients write.
func TestKilled(t *testing.T) {
	program(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	kills, each := 3, 40
	if long > 0 {
		kills = 100
	}
	db, list := filepath.Join(t.TempDir(), "a.db"), writers(8, "k")
	for kill := range kills {
		s := durable(ctx, t, Config{DB: db})
		var calls errgroup.Group
		for _, w := range list {
			calls.Go(func() error { return w.Run(ctx, s, 0) })
		}
		want := answered(list) + each + 7*kill%each
		if err := poll(ctx, func() error {
			if n := answered(list); n < want {
				return fmt.Errorf("%d of %d calls are answered", n, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		s.Kill()
		if err := calls.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	verify(ctx, t, durable(ctx, t, Config{DB: db}), list)
	t.Logf("%d kills, %d calls", kills, answered(list))
}

// TestStopped stops a server for a while, and lets it go on.
func TestStopped(t *testing.T) {
	program(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, list := durable(ctx, t, Config{DB: filepath.Join(t.TempDir(), "a.db")}), writers(4, "s")
	var calls errgroup.Group
	for _, w := range list {
		calls.Go(func() error { return w.Run(ctx, s, 60) })
	}
	for _, sig := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := s.Signal(sig); err != nil {
			t.Fatal(err)
		}
	}
	if err := calls.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := answered(list); n != 4*60 {
		t.Errorf("%d calls are answered", n)
	}
	verify(ctx, t, s, list)
}

// TestWritesOnFullDisk has no room after a while: writes fail, reads go on, and what was answered is there after the next start.
func TestWritesOnFullDisk(t *testing.T) {
	program(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	db, list := filepath.Join(t.TempDir(), "a.db"), writers(2, "f")
	s := durable(ctx, t, Config{DB: db, FileSize: 1024})
	client := HTTP(Address(9))
	full, stop := context.WithCancel(ctx)
	var calls errgroup.Group
	for _, w := range list {
		calls.Go(func() error { return w.Run(full, s, 0) })
	}
	filler := strings.Repeat("x", 1000)
	if err := poll(ctx, func() error {
		reply, err := s.Post(ctx, client, "fill", fmt.Sprintf(`["filler",100,%q]`, filler))
		if err == nil && reply.Status != 503 {
			err = fmt.Errorf("a write is answered %d %.200s", reply.Status, reply.Body)
		}
		return err
	}); err != nil {
		t.Fatal(err, s.Log())
	}
	if reply, err := s.Post(ctx, client, "latest", `["f0"]`); err != nil || reply.Status != 200 {
		t.Errorf("a read: %v, %v", reply, err)
	}
	stop()
	if err := calls.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(s.Log(), "the database cannot be used"); n > 5 {
		t.Errorf("the log has %d lines of one kind", n)
	}
	s.Kill()
	verify(ctx, t, durable(ctx, t, Config{DB: db}), list)
}

// TestMissingLog starts without the log of a server that was killed.
func TestMissingLog(t *testing.T) {
	path := program(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, list := written(ctx, t, "m")
	db := s.DB
	s.Kill()
	aside := db + ".aside"
	if err := os.Rename(db+"-wal", aside); err != nil {
		t.Fatal(err)
	}
	_, err := Start(ctx, Config{Program: path, DB: db})
	if !errors.Is(err, ErrExited) || !strings.Contains(err.Error(), "-wal, which has its latest commits, is missing") {
		t.Errorf("it starts: %v", err)
	}
	if err := os.Rename(aside, db+"-wal"); err != nil {
		t.Fatal(err)
	}
	verify(ctx, t, durable(ctx, t, Config{DB: db}), list)
}
