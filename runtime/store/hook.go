package store

import (
	"context"
	"errors"
)

// CommitHook runs inside a write transaction, after the call and before the commit. Its writes are stored together with those of the call,
// or not at all. Features of the runtime use it to keep their own rows consistent with those of the app.
//
// A hook runs when the transaction has changed rows of tables that are not hidden. It gets the net changes, and must not modify their
// rows. The hooks of a store run in order, and each gets what the call and the hooks before it have written. If a later hook changes
// rows, the earlier ones run again, with the changes since their last run. A hook does not get its own writes. After 8 rounds the
// transaction fails with ErrHooks.
//
// tx is the transaction of the call, and ends when the hook returns. ctx is the context of the call: once its deadline has passed, no
// further hook runs and writes fail. An error of a hook undoes the transaction and is the error of the call, and a panic is a PanicError.
// Other calls in the same physical commit are not affected. All other writes wait while a hook runs.
type CommitHook func(ctx context.Context, tx Tx, changes []Change) error

// maxRounds is how many times all hooks of one transaction may run.
const maxRounds = 8

// ErrHooks is the error of a transaction whose hooks would make each other run again forever.
var ErrHooks = errors.New("the commit hooks keep changing rows")

// BeforeCommit runs the hooks on the changes of a transaction. A store calls it once, after the call has returned without an error.
func (c *Changes) BeforeCommit(ctx context.Context, tx Tx) error {
	if len(c.log) == 0 {
		return nil
	}
	seen := make([]int, len(c.Hooks)) // number of steps that each hook has got or has written
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
