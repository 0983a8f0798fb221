package invoke

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/auth"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// Signing in compares a password, which takes as long as thousands of other calls, and starts a session, which is a write: all other writes
// would wait for it. So a call that starts or ends a session is first rehearsed on a snapshot, which it only reads, up to its first write.
// If the rehearsal fails, for example because of a wrong password, the call has failed: it has written nothing, and the snapshot is a state
// between two commits. Otherwise the call runs in its transaction from the beginning, and uses the hashes of the rehearsal.

// errRehearsed ends a rehearsal at its first write.
var errRehearsed = errors.New("the rehearsal of the call is over")

// rehearse reports whether the task has failed in its rehearsal, and so has ended.
func (t *Task) rehearse() bool {
	t.hashes = &hashes{rehearsal: true}
	held := &heldLog{base: t.runner.cfg.Log.Handler(), calls: new([]func())}
	t.logger = slog.New(held)
	err := t.runner.cfg.Store.Read(t.ctx, func(tx store.Tx) error { return t.enter(rehearsal{tx}) })
	t.hashes.rehearsal, t.logger = false, nil
	var failed *fault.Error
	if !errors.As(err, &failed) {
		return false
	}
	held.release()
	t.finish(0, err)
	return true
}

// rehearsal is a transaction that ends the call at its first write.
type rehearsal struct{ store.Tx }

func (rehearsal) Insert(*relation.Table, relation.Row) error        { return errRehearsed }
func (rehearsal) Update(_ *relation.Table, _, _ relation.Row) error { return errRehearsed }
func (rehearsal) Delete(*relation.Table, relation.Row) error        { return errRehearsed }

// Deadline implements store.Bounded.
func (r rehearsal) Deadline() time.Time { return store.DeadlineOf(r.Tx) }

// hashes are the hashes of a rehearsal, for the run after it.
type hashes struct {
	rehearsal bool
	made      map[string][]string // hashes of each password, in order
	checked   map[[2]string]bool  // whether a hash is one of a password
}

// HashPassword is auth.HashPassword, or its result in the rehearsal of the call.
func (in *Invocation) HashPassword(password string) string {
	h := in.hashes
	if h != nil && !h.rehearsal {
		if made := h.made[password]; len(made) > 0 {
			h.made[password] = made[1:]
			return made[0]
		}
	}
	hash := auth.HashPassword(password)
	if h != nil && h.rehearsal {
		if h.made == nil {
			h.made = map[string][]string{}
		}
		h.made[password] = append(h.made[password], hash)
	}
	return hash
}

// CheckPassword is auth.CheckPassword, or its result in the rehearsal of the call.
func (in *Invocation) CheckPassword(password, hash string) (bool, error) {
	h := in.hashes
	if h == nil {
		return auth.CheckPassword(password, hash)
	}
	key := [2]string{password, hash}
	if right, known := h.checked[key]; known {
		return right, nil
	}
	right, err := auth.CheckPassword(password, hash)
	if err == nil {
		if h.checked == nil {
			h.checked = map[[2]string]bool{}
		}
		h.checked[key] = right
	}
	return right, err
}

// heldLog keeps the log of a rehearsal until it is known whether the call ends with it.
type heldLog struct {
	base  slog.Handler
	calls *[]func() // shared with the handlers that are derived from it
}

func (l *heldLog) Enabled(ctx context.Context, level slog.Level) bool {
	return l.base.Enabled(ctx, level)
}

func (l *heldLog) Handle(ctx context.Context, r slog.Record) error {
	r = r.Clone()
	*l.calls = append(*l.calls, func() { _ = l.base.Handle(ctx, r) }) // errors are ignored, as by slog
	return nil
}

func (l *heldLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &heldLog{l.base.WithAttrs(attrs), l.calls}
}
func (l *heldLog) WithGroup(name string) slog.Handler {
	return &heldLog{l.base.WithGroup(name), l.calls}
}

func (l *heldLog) release() {
	for _, call := range *l.calls {
		call()
	}
}
