package invoke

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store"
)

// once is enter for a task that writes. If a task with the same seed has run before, it returns the answer of that one.
func (t *Task) once(tx store.Tx) (err error) {
	defer t.recovered(&err)
	t.again()
	if t.who, err = t.Job.Identify(t.ctx, tx); err != nil || t.who == nil {
		return err
	}
	if !t.Seed.known {
		return t.run(tx)
	}
	found, err := t.replay(tx)
	if err != nil || found {
		return err
	}
	replies, now := t.runner.cfg.Replies, t.runner.Now()
	if wait := replies.Wait(t.Turn, t.runner.cfg.Clock.Steady()); wait > 0 {
		t.runner.cfg.Faults.Reach(limits.MaxStoredPerCaller)
		return fault.Overloaded("Too many calls with keys; try again later", wait)
	}
	if err := t.run(tx); err != nil {
		return err
	}
	if !t.hasEffect(tx) {
		return nil
	}
	scope, key := t.key()
	return replies.Keep(tx, scope, key, t.Spec.Path, t.Args, t.kept(), now, t.Turn, t.runner.cfg.Clock.Steady())
}

// replay gives the task the answer of an earlier one with the same seed, if there was one.
func (t *Task) replay(tx store.Tx) (found bool, err error) {
	scope, key := t.key()
	old, seq, found, err := t.runner.cfg.Replies.Find(tx, scope, key, t.Spec.Path, t.Args, t.runner.Now())
	if err != nil || !found {
		return false, conflict(err)
	}
	t.in.begin(t.runner, t.ctx, t.Spec, t.From, t.who, tx, t.runner.Now())
	if t.Spec.Session {
		head, answer, _ := bytes.Cut(old, []byte{'\n'})
		mark, network, _ := bytes.Cut(head, []byte{' '}) // answers of older servers have no network, and count as those of others
		if len(mark) > 0 && string(network) != t.From.Network() {
			return false, errElsewhere
		}
		t.in.ids, old = t.Seed, answer
		if t.in.Session, err = t.runner.cfg.Resume(&t.in, string(mark)); err != nil {
			return false, err
		}
	}
	t.Reply, t.seq = append(t.Reply[:t.head], old...), seq
	return true, nil
}

// errElsewhere is the error of a call that is sent again from another address, and that has changed the session of its caller. Its answer
// has a session cookie, and whoever sends it may be a stranger who knows its key and arguments.
var errElsewhere = &fault.Error{
	Code: fault.CodeConflict, Message: "This call was made from another address, where its session is; sign in with a new key",
}

// kept is what is stored of the answer. If the task may change the session of its caller, it begins with how, and with the address.
func (t *Task) kept() []byte {
	if !t.Spec.Session {
		return t.Answer()
	}
	return append(fmt.Appendf(nil, "%s %s\n", t.in.Session.Mark, t.From.Network()), t.Answer()...)
}

// hasEffect reports whether it matters that the task runs only once: it has written, or does something after its commit, or has called
// extern functions, of which nobody knows.
func (t *Task) hasEffect(tx store.Tx) bool {
	w, knows := tx.(store.Writer)
	return !knows || w.Wrote() || len(t.in.after) > 0 || t.in.Signals || t.in.Session.Changed || t.Spec.External
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

// key is under which the answer of the task is kept: the scope of callers that share seeds, and the seed. Who signs in is nobody before,
// and a user after it, so tasks that change sessions have a scope of their own. The key of such a task is kept as its hash: it makes the
// token of the session (see SessionSeed), which must not stand in the database.
func (t *Task) key() (scope, key string) {
	switch {
	case t.Spec.Session:
		sum := sha256.Sum256(t.Seed.id[:])
		return "s", base64.RawURLEncoding.EncodeToString(sum[:])
	case t.who.Key != "":
		return "u" + t.who.Key, t.Seed.id.String()
	}
	return "a", t.Seed.id.String() // seeds are random, and the arguments must be the same
}

// SessionSeed is the key of a run that may start a session, which a repeated call sends again; nil if it has none.
func (in *Invocation) SessionSeed() []byte {
	if !in.spec.Session || !in.ids.known {
		return nil
	}
	return in.ids.id[:]
}

// rehearsed gives a task that is rehearsed the answer of an earlier one with the same seed, which the rehearsal would be refused.
func (t *Task) rehearsed(tx store.Tx) (found bool, err error) {
	if !t.Seed.known {
		return false, nil
	}
	t.who = &identity.Identity{}
	return t.replay(tx)
}
