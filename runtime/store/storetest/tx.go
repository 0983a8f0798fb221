package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

var errOwn = errors.New("an error of the call")

func testRollback(t *testing.T, f *fixture) {
	c, err := store.Write(t.Context(), f, func(tx store.Tx) error {
		try(tx.Insert(f.user, user("1", "ann", nil)))
		return errOwn
	})
	wantError(t, err, errOwn)
	if c.Seq != 0 || len(c.Changes) != 0 || len(f.log) != 0 {
		t.Errorf("a failed call has the commit %v, and the subscriber heard %v", c, f.log)
	}
	if got := f.users(t); len(got) != 0 {
		t.Errorf("a failed call left %v", got)
	}
}

func testPanic(t *testing.T, f *fixture) {
	_, err := store.Write(t.Context(), f, func(tx store.Tx) error {
		try(tx.Insert(f.user, user("1", "ann", nil)))
		panic(errOwn)
	})
	var p *store.PanicError
	if !errors.As(err, &p) || p.Value != errOwn || len(p.Stack) == 0 {
		t.Fatalf("error %v, want a PanicError", err)
	}
	wantError(t, err, errOwn)
	err = f.Read(t.Context(), func(store.Tx) error { panic("in a reader") })
	if !errors.As(err, &p) {
		t.Fatalf("error %v, want a PanicError", err)
	}
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "bob", nil)) })
	if got := f.users(t); !reflect.DeepEqual(got, []relation.Row{user("1", "bob", nil)}) {
		t.Errorf("after a panic the table holds %v", got)
	}
}

func testSequence(t *testing.T, f *fixture) {
	ann, older := user("1", "ann", nil), user("1", "ann", 5)
	steps := []struct {
		name string
		fn   func(store.Tx) error
		seq  uint64
	}{
		{"insert", func(tx store.Tx) error { return tx.Insert(f.user, ann) }, 1},
		{"only reads", func(tx store.Tx) error { _, err := tx.Query(f.all); return err }, 0},
		{"update to the same", func(tx store.Tx) error { return tx.Update(f.user, ann, ann) }, 0},
		{"there and back", func(tx store.Tx) error {
			return errors.Join(tx.Update(f.user, ann, older), tx.Update(f.user, older, ann))
		}, 0},
		{"insert and delete", func(tx store.Tx) error {
			return errors.Join(tx.Insert(f.user, user("2", "bob", nil)), tx.Delete(f.user, user("2", "bob", nil)))
		}, 0},
		{"update", func(tx store.Tx) error { return tx.Update(f.user, ann, older) }, 2},
	}
	seen := uint64(0)
	for _, s := range steps {
		c := f.write(t, func(tx store.Tx) error {
			if tx.Seq() != seen {
				t.Errorf("%s: the transaction sees commit %d, want %d", s.name, tx.Seq(), seen)
			}
			return s.fn(tx)
		})
		if c.Seq != s.seq {
			t.Errorf("%s: commit %d, want %d", s.name, c.Seq, s.seq)
		}
		seen = max(seen, c.Seq)
		f.read(t, func(tx store.Tx) error {
			if tx.Seq() != seen {
				t.Errorf("%s: a reader sees commit %d, want %d", s.name, tx.Seq(), seen)
			}
			return nil
		})
	}
	if len(f.log) != 2 {
		t.Errorf("the subscriber heard %d commits, want 2", len(f.log))
	}
}

func testNetChanges(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("1", "ann", 1)), tx.Insert(f.user, user("2", "bob", 2)), tx.Insert(f.user, user("3", "cid", 3)))
	})
	c := f.write(t, func(tx store.Tx) error {
		return errors.Join(
			tx.Update(f.user, user("3", "cid", 3), user("3", "cid", 4)), // twice: one change
			tx.Insert(f.user, user("4", "dan", nil)),                    // then updated: an insert
			tx.Update(f.user, user("3", "cid", 4), user("3", "cyd", 5)),
			tx.Delete(f.user, user("1", "ann", 1)), // then inserted again: an update
			tx.Update(f.user, user("4", "dan", nil), user("4", "dan", 9)),
			tx.Insert(f.user, user("1", "eve", 1)),
			tx.Update(f.user, user("2", "bob", 2), user("5", "bob", 2)), // another key: a delete and an insert
			tx.Insert(f.user, user("6", "gone", nil)),                   // then deleted: nothing
			tx.Delete(f.user, user("6", "gone", nil)),
		)
	})
	want := []store.Change{
		{Table: f.user, Before: user("3", "cid", 3), After: user("3", "cyd", 5)},
		{Table: f.user, After: user("4", "dan", 9)},
		{Table: f.user, Before: user("1", "ann", 1), After: user("1", "eve", 1)},
		{Table: f.user, Before: user("2", "bob", 2)},
		{Table: f.user, After: user("5", "bob", 2)},
	}
	if !reflect.DeepEqual(c.Changes, want) {
		t.Errorf("changes\n%v\nwant\n%v", c.Changes, want)
	}
	if !reflect.DeepEqual(f.log[1], c) {
		t.Errorf("the subscriber heard %v, the caller %v", f.log[1], c)
	}
}

func testCommitsBeforeAnswers(t *testing.T, f *fixture) {
	const calls = 200
	answers := make(chan error, calls)
	for i := range calls {
		id := string(rune('A' + i))
		f.Submit(t.Context(), func(tx store.Tx) error { return tx.Insert(f.user, user(id, id, nil)) }, func(c store.Commit, err error) {
			// The function of OnCommit runs on the same goroutine as the answers, so the log may be read here.
			if err == nil && (len(f.log) == 0 || f.log[len(f.log)-1].Seq < c.Seq) {
				err = errors.New("answered before the subscriber heard of it")
			}
			answers <- err
		})
	}
	for range calls {
		must(t, <-answers)
	}
	for i, c := range f.log {
		if c.Seq != uint64(i+1) {
			t.Fatalf("commit %d at place %d", c.Seq, i)
		}
	}
	if len(f.log) != calls {
		t.Errorf("%d commits, want %d", len(f.log), calls)
	}
}

// testTouched checks that a transaction knows all commits before it, also those that OnCommit has not got yet.
func testTouched(t *testing.T, f *fixture) {
	var touched []uint64
	look := func(tx store.Tx) error {
		if to, ok := tx.(store.Toucher); ok {
			touched = append(touched, to.Touched(f.user))
		}
		return nil
	}
	begun, hold, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	f.Submit(t.Context(), func(store.Tx) error { close(begun); <-hold; return nil }, func(store.Commit, error) {})
	<-begun // so that the others are in one group
	add := func(id string) {
		f.Submit(t.Context(), func(tx store.Tx) error { return tx.Insert(f.user, user(id, id, nil)) }, func(store.Commit, error) {})
	}
	add("a")
	f.Submit(t.Context(), look, func(store.Commit, error) {})
	add("b")
	f.Submit(t.Context(), look, func(store.Commit, error) { close(done) })
	close(hold)
	<-done
	if touched != nil && (len(touched) != 2 || touched[0] < 1 || touched[1] < touched[0]+1) {
		t.Errorf("the table was touched at %v, want at least 1 and 2", touched)
	}
}

// testSystemTables checks that tables of the runtime behave like those of an app, in transactions, for hooks and for OnCommit, and that
// reopening does not change them.
func testSystemTables(t *testing.T, f *fixture) {
	var heard [][]store.Change
	f.BeforeCommit(hear(&heard))
	one, two := relation.Row{"k", int64(1)}, relation.Row{"k", int64(2)}
	c := f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.system, one), tx.Insert(f.user, user("1", "ann", nil)))
	})
	want := []store.Change{{Table: f.system, After: one}, {Table: f.user, After: user("1", "ann", nil)}}
	if !reflect.DeepEqual(c.Changes, want) || !reflect.DeepEqual(heard, [][]store.Change{want}) {
		t.Errorf("the commit has\n%v\nthe hook got\n%v\nwant\n%v", c.Changes, heard, want)
	}
	_, err := store.Write(t.Context(), f, func(tx store.Tx) error { return errors.Join(tx.Update(f.system, one, two), errOwn) })
	wantError(t, err, errOwn)
	must(t, f.Close())
	f.open(t)
	f.read(t, func(tx store.Tx) error {
		row, err := tx.Get(f.system, relation.Row{"k"})
		if err != nil || !reflect.DeepEqual(row, one) {
			t.Errorf("after opening again the row is %v, %v, want %v", row, err, one)
		}
		return nil
	})
}

func testHiddenTables(t *testing.T, f *fixture) {
	c := f.write(t, func(tx store.Tx) error { return tx.Insert(f.hidden, relation.Row{"k", int64(1)}) })
	if c.Seq != 0 || len(f.log) != 0 {
		t.Errorf("a change of a hidden table is the commit %v", c)
	}
	c = f.write(t, func(tx store.Tx) error {
		return errors.Join(
			tx.Update(f.hidden, relation.Row{"k", int64(1)}, relation.Row{"k", int64(2)}), tx.Insert(f.user, user("1", "ann", nil)))
	})
	if c.Seq != 1 || len(c.Changes) != 1 || c.Changes[0].Table != f.user {
		t.Errorf("commit %v, want one change of User", c)
	}
	f.read(t, func(tx store.Tx) error {
		row, err := tx.Get(f.hidden, relation.Row{"k"})
		if want := (relation.Row{"k", int64(2)}); err != nil || !reflect.DeepEqual(row, want) {
			t.Errorf("got %v, %v, want %v", row, err, want)
		}
		return nil
	})
}

func testAfterEnd(t *testing.T, f *fixture) {
	var kept []store.Tx
	f.write(t, func(tx store.Tx) error { kept = append(kept, tx); return nil })
	f.read(t, func(tx store.Tx) error { kept = append(kept, tx); return nil })
	for _, tx := range kept {
		if _, err := tx.Query(f.all); err == nil {
			t.Error("a query after the end of its transaction gives no error")
		}
		if err := tx.Insert(f.user, user("1", "ann", nil)); err == nil {
			t.Error("an insert after the end of its transaction gives no error")
		}
	}
}

func testReadOnly(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	f.read(t, func(tx store.Tx) error {
		for name, err := range map[string]error{
			"insert": tx.Insert(f.user, user("2", "bob", nil)),
			"update": tx.Update(f.user, user("1", "ann", nil), user("1", "ann", 2)),
			"delete": tx.Delete(f.user, user("1", "ann", nil)),
		} {
			if err == nil {
				t.Errorf("%s by a reader gives no error", name)
			}
		}
		return nil
	})
	if got := f.users(t); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func testContext(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := func(store.Tx) error {
		t.Error("fn runs though its context has ended")
		return nil
	}
	_, err := store.Write(ctx, f, ran)
	wantError(t, err, context.Canceled)
	wantError(t, f.Read(ctx, ran), context.Canceled)
	submitted := make(chan error, 1)
	f.Submit(ctx, ran, func(_ store.Commit, err error) { submitted <- err })
	wantError(t, <-submitted, context.Canceled)

	// A call that waits for another one is given up; the one that runs is not.
	ctx, cancel = context.WithCancel(t.Context())
	running, release, first := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := store.Write(ctx, f, func(tx store.Tx) error {
			close(running)
			<-release
			return tx.Insert(f.user, user("1", "ann", nil))
		})
		first <- err
	}()
	<-running
	second := make(chan error, 1)
	go func() {
		_, err := store.Write(ctx, f, ran)
		second <- err
	}()
	cancel()
	wantError(t, <-second, context.Canceled)
	close(release)
	must(t, <-first)
	if got := f.users(t); len(got) != 1 {
		t.Errorf("got %v, want what was committed", got)
	}
}
