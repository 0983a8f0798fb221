package watch

import (
	"context"

	"github.com/livec-lang/livec/runtime/store"
)

// Engine notifies watchers of commits. The engine of live queries is one.
type Engine interface {
	// Watch calls fn for each commit that may change what deps name, until cancel: in the order of commits, before the calls in the commit are
	// answered and before any window shows the change. fn must not block.
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

// Run runs fn in a transaction that reads. Until cancel, it calls again for each commit that may change what fn has read, before anything
// that results from the commit is sent. again must not block. cancel is nil if fn has read nothing. fn may run more than once. When Run
// returns, all watchers have been notified of the commits that fn has seen.
func (w *Watcher) Run(ctx context.Context, fn func(tx store.Tx) error, again func()) (cancel func(), read ReadSet, err error) {
	var deps []store.Dependency
	var seq uint64
	run := func(tx store.Tx) error {
		r := &recorder{Tx: tx}
		err := fn(r)
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
		// A commit between reading and watching would be missed, so it reads again after it has started to watch.
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

// Read runs fn in a transaction that reads, and gives the last commit that fn has seen. When it returns, all watchers have been notified of
// the commits up to that one.
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
