package storetest

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// testHookModel runs random transactions with hooks that keep sums of the users' ages from the changes they get. Each sum must equal that
// of the rows.
func testHookModel(t *testing.T, f *fixture) {
	add := func(sum *int64, changes []store.Change) {
		age := func(r relation.Row) int64 {
			if r == nil {
				return 0
			}
			n, _ := r[2].(int64)
			return n
		}
		for _, c := range changes {
			if c.Table == f.user {
				*sum += age(c.After) - age(c.Before)
			}
		}
	}
	var sums [2]int64 // as of the last commit, with the changes of the transaction
	f.BeforeCommit(
		func(_ context.Context, _ store.Tx, changes []store.Change) error { add(&sums[0], changes); return nil },
		func(_ context.Context, tx store.Tx, changes []store.Change) error {
			add(&sums[1], changes)
			for _, c := range changes { // add a year, so that the first hook must run again
				if c.Table == f.user && c.After != nil && c.After[2] == int64(2) {
					older := user(c.After[0].(string), c.After[1].(string), 3)
					if err := tx.Update(f.user, c.After, older); err != nil {
						return err
					}
					add(&sums[1], []store.Change{{Table: f.user, Before: c.After, After: older}})
				}
			}
			return nil
		},
	)
	letter := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	row := rapid.Custom(func(t *rapid.T) relation.Row {
		return user(letter.Draw(t, "id"), letter.Draw(t, "name"), rapid.SampledFrom([]any{nil, 1, 2}).Draw(t, "age"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		before := sums
		var stop any
		_, err := store.Write(t.Context(), f, func(tx store.Tx) error {
			defer func() {
				if stop = recover(); stop != nil {
					panic(stop)
				}
			}()
			m := model{}
			rows, err := tx.Query(f.all)
			for _, r := range rows {
				m[r[0].(string)] = r
			}
			return errors.Join(err, steps(rt, tx, f, m, row))
		})
		if stop != nil {
			panic(stop)
		}
		if err != nil {
			if !errors.Is(err, errOwn) {
				rt.Fatal(err)
			}
			sums = before
		}
		want := int64(0)
		for _, r := range f.users(t) {
			n, _ := r[2].(int64)
			want += n
		}
		if sums != [2]int64{want, want} {
			rt.Fatalf("the hooks have the sums %v, the rows add up to %d", sums, want)
		}
	})
}
