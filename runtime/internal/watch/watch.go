package watch

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// Engine notifies watchers of commits. The engine of live queries is one.
type Engine interface {
	// Watch has fn called for each commit that may change what deps name, until cancel: in the order of commits, before the calls in the
	// commit are answered and before any window shows what it has changed. fn must not block.
	Watch(deps []store.Dependency, fn func()) (cancel func())
	// Notified is the last commit of which all watchers that it concerns have been notified.
	Notified() uint64
	// Changed reports whether a commit after since, of those that watchers were notified of, may have changed what dep names.
	Changed(dep store.Dependency, since uint64) bool
	// AwaitNotified returns once watchers have been notified of all commits up to seq, or with the error of ctx.
	AwaitNotified(ctx context.Context, seq uint64) error
}

// Watcher runs checks and watches what they have read.
type Watcher struct {
	Store  store.Store
	Engine Engine
}

// Run runs fn in a transaction that reads. Until cancel, which is nil where fn has read nothing, it has again called for each commit that
// may change what fn has read, before anything leaves that comes of the commit. fn may run more than once. again must not block. When Run
// returns, all watchers have been notified of the commits that fn has seen.
func (w *Watcher) Run(ctx context.Context, fn func(tx store.Tx) error, again func()) (cancel func(), read ReadSet, err error) {
	var deps []store.Dependency
	var seq uint64
	run := func(tx store.Tx) error {
		r := &recorder{Tx: tx}
		err := fault.Protect(func() error { return fn(r) })
		deps, seq = r.deps, tx.Seq()
		return err
	}
	if err = w.Store.Read(ctx, run); err != nil {
		return nil, ReadSet{}, err
	}
	if len(deps) == 0 {
		return nil, ReadSet{}, w.Engine.AwaitNotified(ctx, seq)
	}
	for {
		// A commit between reading and watching would be missed, so whoever watches looks once more.
		watched := deps
		cancel = w.Engine.Watch(watched, again)
		err = w.Store.Read(ctx, func(tx store.Tx) error {
			if tx.Seq() == seq {
				return nil
			}
			return run(tx)
		})
		if err == nil {
			err = w.Engine.AwaitNotified(ctx, seq)
		}
		if err != nil {
			cancel()
			return nil, ReadSet{}, err
		}
		if coversAll(watched, deps) {
			return cancel, readSetOf(watched), nil
		}
		cancel()
	}
}

// Read runs fn in a transaction that reads, and gives the last commit that fn has seen. When it returns, all watchers have been notified
// of the commits up to that.
func (w *Watcher) Read(ctx context.Context, fn func(tx store.Tx) error) (seq uint64, err error) {
	err = w.Store.Read(ctx, func(tx store.Tx) error {
		seq = tx.Seq()
		return fn(tx)
	})
	if err == nil {
		err = w.Engine.AwaitNotified(ctx, seq)
	}
	return seq, err
}
