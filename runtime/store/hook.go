package store

import (
	"context"
	"errors"
)

// CommitHook runs inside a write transaction, after the call and before the commit: what it writes is stored with what the call has
// written, or not at all. Features of the runtime that keep rows of their own beside those of the app are built on it.
//
// It is called where the transaction has changed rows of tables that are not hidden, with the net changes. The hooks of a store run in
// their order, and what one has written is among the changes that the later ones get. When a later hook has changed rows, those before
// it are called again, with what has changed since they ran. A hook does not get what it has written itself.
//
// tx is the call's transaction, and ends with the call of the hook. ctx is the call's: writes fail once its deadline has passed. The
// error of a hook, or its panic, undoes the transaction and is what the call gives. Other calls, also those in the same physical
// commit, are not affected. A hook runs on the store's writer, where every other write waits for it.
type CommitHook func(ctx context.Context, tx Tx, changes []Change) error

// maxRounds bounds how often the hooks of one transaction run, one after the other.
const maxRounds = 8

// ErrHooks is the error of a transaction of which the hooks do not come to an end: each calls for another by what it writes.
var ErrHooks = errors.New("the commit hooks go on changing rows")

// BeforeCommit runs the hooks on the changes of a transaction. A backend calls it once, when the call has returned without an error.
func (c *Changes) BeforeCommit(ctx context.Context, tx Tx) error {
	if len(c.log) == 0 {
		return nil
	}
	seen := make([]int, len(c.Hooks)) // how much of the log each has been given or has written
	for round := 0; ; round++ {
		called := false
		for i, hook := range c.Hooks {
			changes := c.since(seen[i])
			if len(changes) == 0 {
				continue
			}
			if round == maxRounds {
				return ErrHooks
			}
			if err := ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			if err := hook(ctx, tx, changes); err != nil {
				return err
			}
			called, seen[i] = true, len(c.log)
		}
		if !called {
			return nil
		}
	}
}
