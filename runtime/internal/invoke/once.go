package invoke

import (
	"errors"

	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// once is enter for a task that writes. If a task with the same seed has run before, it returns the answer of that one.
func (t *Task) once(tx store.Tx) (err error) {
	defer store.Recover(&err)
	t.again()
	if t.who, err = t.Job.Identify(t.ctx, tx); err != nil || t.who == nil {
		return err
	}
	if !t.Seed.known || t.Spec.Session { // an answer that sets a cookie cannot be repeated
		return t.run(tx)
	}
	replies, key, now := t.runner.cfg.Replies, t.Seed.id.String(), t.runner.Now()
	old, seq, found, err := replies.Find(tx, t.scope(), key, t.Spec.Path, t.Args, now)
	if err != nil {
		return conflict(err)
	}
	if found {
		t.Reply, t.seq = append(t.Reply[:t.head], old...), seq
		t.in.after, t.in.Signals = nil, false
		return nil
	}
	if err := t.run(tx); err != nil {
		return err
	}
	return replies.Keep(tx, t.scope(), key, t.Spec.Path, t.Args, t.Answer(), now)
}

// conflict turns errors of idempotency into those that the client is shown. It returns any other error unchanged.
func conflict(err error) error {
	switch {
	case errors.Is(err, idempotency.ErrMismatch):
		return &fault.Error{
			Code: fault.CodeConflict, Message: "The key of this call was already used for another rpc or other arguments",
		}
	case errors.Is(err, idempotency.ErrDone):
		return &fault.Error{Code: fault.CodeConflict, Message: "This call was already made; its answer was too large to keep"}
	default:
		return err
	}
}

// scope names the callers that share seeds.
func (t *Task) scope() string {
	if t.who.Key != "" {
		return "u" + t.who.Key
	}
	return "a" // seeds are random, and the arguments must be the same
}
