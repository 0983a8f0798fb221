package runtime

import (
	"context"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/topic"
)

// engine keeps live queries; package livequery is the one that servers run.
type engine interface {
	// Open gives the window of a query with these parameters, which all who open it share. Release it in the end.
	Open(ctx context.Context, q *relation.Query, params []relation.Value) (window, error)
	// Watch has fn called after each commit that may change what deps name, until cancel. fn must not block.
	Watch(deps []dependency, fn func()) (cancel func())
	Close()
}

// window is what subscribers of a query with the same parameters hold.
type window interface {
	// Attach appends the value as JSON and tells between which events of which topic it stands: those up to seq are in it. more: there are further pages.
	Attach(dst []byte) (json []byte, t *topic.Topic, seq uint64, more bool)
	// Topic is the topic of the window's events.
	Topic() *topic.Topic
	Release()
}
