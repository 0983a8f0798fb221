package invoke

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// Whoever tries passwords must not hold up all that write. So a call that starts or ends a session is first rehearsed on a snapshot, which
// it only reads, up to its first write. If the rehearsal fails, for example because of a wrong password, the call has failed: it has
// written nothing, and the snapshot is a state between two commits. Otherwise the call runs in its transaction from the beginning, and uses
// the hashes of the rehearsal.

// errRehearsed ends a rehearsal at its first write.
var errRehearsed = errors.New("the rehearsal of the call is over")

// rehearse reports whether the task has failed in its rehearsal, or was answered before, and so has ended.
func (t *Task) rehearse() bool {
	held := &heldLog{base: t.runner.cfg.Log.Handler(), calls: new([]func())}
	t.logger = slog.New(held)
	replayed := false
	err := t.read(func(tx store.Tx) (err error) {
		*held.calls = nil
		if replayed, err = t.rehearsed(tx); replayed || err != nil {
			return err
		}
		return t.enter(rehearsal{tx})
	})
	t.logger = nil
	var failed *fault.Error
	gone := errors.Is(err, context.Canceled) && t.caller.Err() != nil
	if !replayed && !gone && !errors.As(err, &failed) && !errors.Is(err, store.ErrOverloaded) {
		return false
	}
	held.release()
	t.finish(t.seq, err)
	return true
}

// read runs fn on a snapshot, and again each time that it has left it for a hash.
func (t *Task) read(fn func(tx store.Tx) error) error {
	for {
		err := t.runner.cfg.Store.Read(t.ctx, fn)
		need := neededHash(err)
		if need == nil {
			return err
		}
		if err := t.compute(need); err != nil {
			return err
		}
	}
}

// rehearsal is a transaction that ends the call at its first write.
type rehearsal struct{ store.Tx }

func (rehearsal) Insert(*relation.Table, relation.Row) error        { return errRehearsed }
func (rehearsal) Update(_ *relation.Table, _, _ relation.Row) error { return errRehearsed }
func (rehearsal) Delete(*relation.Table, relation.Row) error        { return errRehearsed }

// Deadline implements store.Bounded.
func (r rehearsal) Deadline() time.Time { return store.DeadlineOf(r.Tx) }

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
