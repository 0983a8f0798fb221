package runtime

import (
	"context"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/topic"
)

// engine keeps live queries; package livequery is the one that servers run.
type engine interface {
	// Open gives the window of a query with these parameters, which all who open it share. Release it in the end.
	Open(ctx context.Context, q *relation.Query, params []relation.Value) (window, error)
	// Watch has fn called for each commit that may change what deps name, until cancel: in the order of commits, before the
	// calls in the commit are answered and before any window shows what it has changed. fn must not block.
	Watch(deps []watch.Dependency, fn func()) (cancel func())
	// Notified is the last commit of which all watchers that it concerns have been notified.
	Notified() uint64
	// Changed reports whether a commit after since, of those that watchers were notified of, may have changed what dep names.
	Changed(dep watch.Dependency, since uint64) bool
	// AwaitNotified returns once watchers have been notified of all commits up to seq, or with the error of ctx.
	AwaitNotified(ctx context.Context, seq uint64) error
	Close()
}

// window is what subscribers of a query with the same parameters hold.
type window interface {
	// Attach appends the value as JSON and tells between which events of which topic it stands: those up to seq are in it. more: there are further pages.
	Attach(dst []byte) (json []byte, t *topic.Topic, seq uint64, more bool)
	// Reach returns once the window has taken in the commits up to seq.
	Reach(ctx context.Context, seq uint64) error
	// Topic is the topic of the window's events.
	Topic() *topic.Topic
	Release()
}
