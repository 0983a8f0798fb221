package livequery

import (
	"context"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// TestHooks checks that what a hook of the store writes reaches windows with the commit that the hook ran for.
func TestHooks(t *testing.T) {
	w := newWorld(t, Options{})
	defer w.close()
	w.store.BeforeCommit(func(_ context.Context, tx store.Tx, changes []store.Change) error {
		for _, c := range changes {
			if c.Table == users && c.Before == nil { // inserts a post for each new user
				if err := tx.Insert(posts, postOf("hello "+c.After[0].(string), c.After[0].(string), 1)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	q := inRoom(t)
	h := open(t, w, q, "x")
	defer h.Release()
	c := follow(t, h)
	w.commit(t, func(tx store.Tx) error { return tx.Insert(users, userOf("ann", "Ann")) })
	w.commit(t, func(tx store.Tx) error { return tx.Insert(users, userOf("bob", "Bob")) })
	w.engine.Settle()
	events := 0
	c.each = func() { events++ }
	c.catchUp(t)
	if got := c.value.([]any); len(got) != 2 || events != 2 {
		t.Errorf("after two calls a subscriber has %v, by %d events", got, events)
	}
	if c.seq != 2 || w.fresh(t, q, []relation.Value{"x"}) == "[]" {
		t.Errorf("the subscriber is at %d", c.seq)
	}
}
