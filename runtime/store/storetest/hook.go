package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// hear is a hook that records what it was called with.
func hear(into *[][]store.Change) store.CommitHook {
	return func(_ context.Context, _ store.Tx, changes []store.Change) error {
		*into = append(*into, changes)
		return nil
	}
}

// onUsers is a hook that runs fn when users have changed.
func (f *fixture) onUsers(fn func(tx store.Tx, changes []store.Change) error) store.CommitHook {
	return func(_ context.Context, tx store.Tx, changes []store.Change) error {
		for _, c := range changes {
			if c.Table == f.user {
				return fn(tx, changes)
			}
		}
		return nil
	}
}

// testHooks checks that a hook is called if rows have changed, in the transaction, and that its writes are committed with the call.
func testHooks(t *testing.T, f *fixture) {
	calls := 0
	f.BeforeCommit(f.onUsers(func(tx store.Tx, changes []store.Change) error {
		calls++
		rows, err := tx.Query(f.all)
		if err != nil || len(rows) != 1 {
			t.Errorf("the hook sees the users %v, %v", rows, err)
		}
		if err := tx.Insert(f.hidden, relation.Row{"hook", int64(len(changes))}); err != nil {
			return err
		}
		return tx.Insert(f.membership, relation.Row{"all", changes[0].After[0], true})
	}))
	c := f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	want := store.Commit{Seq: 1, Changes: []store.Change{
		{Table: f.user, After: user("1", "ann", nil)},
		{Table: f.membership, After: relation.Row{"all", "1", true}},
	}}
	if !reflect.DeepEqual(c, want) || !reflect.DeepEqual(f.log, []store.Commit{want}) {
		t.Errorf("the commit is\n%v\nthe subscriber heard\n%v\nwant\n%v", c, f.log, want)
	}
	f.read(t, func(tx store.Tx) error {
		row, err := tx.Get(f.hidden, relation.Row{"hook"})
		if err != nil || row == nil {
			t.Errorf("what the hook wrote into a hidden table is %v, %v", row, err)
		}
		return nil
	})
	// These calls change no row, or only rows of hidden tables.
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.hidden, relation.Row{"own", int64(1)}) })
	f.write(t, func(tx store.Tx) error { _, err := tx.Query(f.all); return err })
	f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("2", "bob", nil)), tx.Delete(f.user, user("2", "bob", nil)))
	})
	if _, err := store.Write(t.Context(), f, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("2", "bob", nil)), errOwn)
	}); !errors.Is(err, errOwn) {
		t.Errorf("error %v, want the call's own", err)
	}
	if calls != 1 {
		t.Errorf("the hook was called %d times, want 1", calls)
	}
}

// testHookChanges checks that hooks get net changes, and that Before is the row at the start of the transaction.
func testHookChanges(t *testing.T, f *fixture) {
	f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("1", "ann", 1)), tx.Insert(f.user, user("2", "bob", 2)), tx.Insert(f.user, user("3", "cid", 3)))
	})
	must(t, f.Close())
	var heard [][]store.Change
	f.open(t)
	f.BeforeCommit(hear(&heard))
	c := f.write(t, func(tx store.Tx) error {
		return errors.Join(
			tx.Update(f.user, user("1", "ann", 1), user("1", "ann", 2)), // several updates are one change
			tx.Insert(f.user, user("4", "dan", 4)),                      // inserted and deleted: no change
			tx.Update(f.user, user("1", "ann", 2), user("1", "ann", 3)),
			tx.Delete(f.user, user("4", "dan", 4)),
			tx.Update(f.user, user("2", "bob", 2), user("5", "bob", 2)), // changes the key
			tx.Delete(f.user, user("3", "cid", 3)),
			tx.Insert(f.user, user("3", "cid", 3)), // the same row as before: no change
		)
	})
	want := []store.Change{
		{Table: f.user, Before: user("1", "ann", 1), After: user("1", "ann", 3)},
		{Table: f.user, Before: user("2", "bob", 2)},
		{Table: f.user, After: user("5", "bob", 2)},
	}
	if !reflect.DeepEqual(heard, [][]store.Change{want}) {
		t.Errorf("the hook got\n%v\nwant\n%v", heard, want)
	}
	if !reflect.DeepEqual(c.Changes, want) {
		t.Errorf("the commit has\n%v\nwant\n%v", c.Changes, want)
	}
}

// testHookOrder checks that hooks run in order, and that the later ones get what the earlier ones have written.
func testHookOrder(t *testing.T, f *fixture) {
	var order []string
	var heard [][]store.Change
	f.BeforeCommit(
		f.onUsers(func(tx store.Tx, _ []store.Change) error {
			order = append(order, "first")
			return tx.Update(f.user, user("1", "ann", nil), user("1", "ann", 1))
		}),
		f.onUsers(func(tx store.Tx, changes []store.Change) error {
			order = append(order, "second")
			return tx.Insert(f.membership, relation.Row{"b", changes[0].After[0], false})
		}),
		hear(&heard),
	)
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	if want := []string{"first", "second"}; !reflect.DeepEqual(order, want) {
		t.Errorf("the hooks ran in the order %v, want %v", order, want)
	}
	want := [][]store.Change{{
		{Table: f.user, After: user("1", "ann", 1)},
		{Table: f.membership, After: relation.Row{"b", "1", false}},
	}}
	if !reflect.DeepEqual(heard, want) {
		t.Errorf("the last hook got\n%v\nwant\n%v", heard, want)
	}
}

// testHookRounds checks that a hook is called again for what later hooks have written, with the changes since its last run, and not for its
// own writes.
func testHookRounds(t *testing.T, f *fixture) {
	var heard [][]store.Change
	f.BeforeCommit(
		func(_ context.Context, tx store.Tx, changes []store.Change) error {
			heard = append(heard, changes)
			if len(heard) == 1 { // its own write, which it does not get
				return tx.Insert(f.membership, relation.Row{"b", "1", false})
			}
			return nil
		},
		func(_ context.Context, tx store.Tx, _ []store.Change) error {
			return errors.Join(
				tx.Update(f.user, user("1", "ann", 1), user("1", "ann", 2)),
				tx.Delete(f.user, user("2", "bob", 2)),
				tx.Insert(f.user, user("3", "cid", 3)),
			)
		},
	)
	c := f.write(t, func(tx store.Tx) error {
		return errors.Join(tx.Insert(f.user, user("1", "ann", 1)), tx.Insert(f.user, user("2", "bob", 2)))
	})
	want := [][]store.Change{
		{{Table: f.user, After: user("1", "ann", 1)}, {Table: f.user, After: user("2", "bob", 2)}},
		{
			{Table: f.user, Before: user("1", "ann", 1), After: user("1", "ann", 2)},
			{Table: f.user, Before: user("2", "bob", 2)},
			{Table: f.user, After: user("3", "cid", 3)},
		},
	}
	if !reflect.DeepEqual(heard, want) {
		t.Errorf("the first hook got\n%v\nwant\n%v", heard, want)
	}
	net := []store.Change{
		{Table: f.user, After: user("1", "ann", 2)},
		{Table: f.membership, After: relation.Row{"b", "1", false}},
		{Table: f.user, After: user("3", "cid", 3)},
	}
	if !reflect.DeepEqual(c.Changes, net) {
		t.Errorf("the commit has\n%v\nwant\n%v", c.Changes, net)
	}
}

// testHooksWithoutEnd checks that hooks that would run each other forever fail the transaction.
func testHooksWithoutEnd(t *testing.T, f *fixture) {
	count := func(_ context.Context, tx store.Tx, _ []store.Change) error {
		row, err := tx.Get(f.user, relation.Row{"1"})
		if err != nil {
			return err
		}
		return tx.Update(f.user, row, user("1", "ann", int(row[2].(int64))+1))
	}
	f.BeforeCommit(count, count)
	_, err := store.Write(t.Context(), f, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", 0)) })
	wantError(t, err, store.ErrHooks)
	if got := f.users(t); len(got) != 0 {
		t.Errorf("the table holds %v", got)
	}
}

// testHookErrors checks that an error or a panic of a hook undoes the call, is the error of the call, and stops the hooks.
func testHookErrors(t *testing.T, f *fixture) {
	var fail func(tx store.Tx) error
	var kept store.Tx
	late := 0
	f.BeforeCommit(
		func(_ context.Context, tx store.Tx, _ []store.Change) error { kept = tx; return fail(tx) },
		func(context.Context, store.Tx, []store.Change) error { late++; return nil },
	)
	for name, fn := range map[string]func(tx store.Tx) error{
		"error":        func(store.Tx) error { return errOwn },
		"panic":        func(store.Tx) error { panic(errOwn) },
		"after writes": func(tx store.Tx) error { return errors.Join(tx.Insert(f.user, user("2", "bob", nil)), errOwn) },
	} {
		fail = fn
		c, err := store.Write(t.Context(), f, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
		if !errors.Is(err, errOwn) {
			t.Errorf("%s: error %v, want the hook's own", name, err)
		}
		if panicked := new(store.PanicError); errors.As(err, &panicked) != (name == "panic") {
			t.Errorf("%s: error %#v", name, err)
		}
		if got := f.users(t); len(got) != 0 || c.Seq != 0 || len(f.log) != 0 {
			t.Errorf("%s: the table holds %v, the commit is %v, the subscriber heard %v", name, got, c, f.log)
		}
	}
	if late != 0 {
		t.Error("a hook ran after one that had failed")
	}
	// A failed statement of a hook is undone alone, like that of a call.
	fail = func(tx store.Tx) error {
		if err := tx.Insert(f.user, user("1", "bob", nil)); !errors.Is(err, store.ErrUnique) {
			t.Errorf("error %v, want ErrUnique", err)
		}
		return nil
	}
	f.write(t, func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) })
	if got, want := f.users(t), []relation.Row{user("1", "ann", nil)}; !reflect.DeepEqual(got, want) {
		t.Errorf("the table holds %v, want %v", got, want)
	}
	if _, err := kept.Query(f.all); err == nil {
		t.Error("a query after the end of the hook's transaction gives no error")
	}
}

// lapse is a context whose deadline passes when a test says so.
type lapse struct {
	context.Context
	passed bool
}

func (l *lapse) Err() error {
	if l.passed {
		return context.DeadlineExceeded
	}
	return nil
}

// testHookDeadline checks that hooks run within the time limit of the call.
func testHookDeadline(t *testing.T, f *fixture) {
	var pass func()
	got, late := context.Context(nil), 0
	f.BeforeCommit(
		func(ctx context.Context, tx store.Tx, _ []store.Change) error { got = ctx; pass(); return nil },
		func(context.Context, store.Tx, []store.Change) error { late++; return nil },
	)
	submit := func(ctx context.Context) error {
		done := make(chan error, 1)
		insert := func(tx store.Tx) error { return tx.Insert(f.user, user("1", "ann", nil)) }
		f.Submit(ctx, insert, func(_ store.Commit, err error) { done <- err })
		return <-done
	}
	ctx := &lapse{Context: t.Context()}
	pass = func() { ctx.passed = true }
	wantError(t, submit(ctx), context.DeadlineExceeded)
	if got != context.Context(ctx) || late != 0 {
		t.Errorf("the hook ran in %v; %d hooks ran after the deadline", got, late)
	}
	// If the caller goes away, a call that has begun goes on.
	gone, cancel := context.WithCancel(t.Context())
	pass = cancel
	must(t, submit(gone))
	if rows := f.users(t); len(rows) != 1 || late != 1 {
		t.Errorf("the table holds %v; %d hooks ran after the caller had gone", rows, late)
	}
}

// testHookGroups checks that, of calls that share a physical commit, a hook fails only the one that it ran for, and that each call has the
// changes of its own hooks.
func testHookGroups(t *testing.T, f *fixture) {
	const calls = 300
	f.BeforeCommit(f.onUsers(func(tx store.Tx, changes []store.Change) error {
		id := changes[0].After[0]
		if err := tx.Insert(f.membership, relation.Row{"b", id, true}); err != nil {
			return err
		}
		if changes[0].After[2].(int64)%3 == 0 {
			return errOwn
		}
		return nil
	}))
	type answer struct {
		i      int
		commit store.Commit
		err    error
	}
	answers := make(chan answer, calls)
	begun, hold := make(chan struct{}), make(chan struct{})
	f.Submit(t.Context(), func(store.Tx) error { close(begun); <-hold; return nil }, func(store.Commit, error) {})
	<-begun // so that the others are in one group
	for i := range calls {
		f.Submit(t.Context(), func(tx store.Tx) error { return tx.Insert(f.user, user(fmt.Sprint(i), fmt.Sprint(i), i)) },
			func(c store.Commit, err error) { answers <- answer{i, c, err} })
	}
	close(hold)
	for range calls {
		a := <-answers
		if fails := a.i%3 == 0; fails != errors.Is(a.err, errOwn) || !fails && (a.err != nil || len(a.commit.Changes) != 2) {
			t.Errorf("call %d: commit %v, error %v", a.i, a.commit, a.err)
		}
	}
	if got := f.users(t); len(got) != calls-calls/3 {
		t.Errorf("%d users, want %d", len(got), calls-calls/3)
	}
	for _, table := range []*relation.Table{f.user, f.membership} {
		if got := replay(table, f.log); len(got) != calls-calls/3 {
			t.Errorf("the commits make %d rows of %s, want %d", len(got), table.Name, calls-calls/3)
		}
	}
}
