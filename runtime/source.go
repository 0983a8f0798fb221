package runtime

import (
	"context"
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/topic"
)

// source is what a subscription shows: a value, and the topic of the events that follow it.
type source interface {
	// Attach appends the value as JSON and tells between which events of which topic it stands: those up to seq are in it.
	// more: there are further pages. The value, and each event behind it, stands at the commit since or a later one.
	Attach(dst []byte, since uint64) (json []byte, t *topic.Topic, seq uint64, more bool, err error)
	// Topic is the topic of the events.
	Topic() *topic.Topic
	// More loads a further page, which Attach then gives as well. It does nothing where there is none.
	More(ctx context.Context) error
	Release()
}

// place says which data of an entry point a caller is shown, as its checks have found.
type place struct {
	params   []relation.Value // of a live query
	topic    string           // of any other: a JSON array, or the digest of a long one
	hidden   Hidden           // of a derived stream; the same for the same topic
	room     string           // of a part of a room: which one, a JSON array
	presence []byte           // of a part of a room: the caller's entry
}

func (p *place) same(o *place) bool {
	return p.topic == o.topic && p.room == o.room && slices.EqualFunc(p.params, o.params, relation.Same)
}

// opening is one caller that opens the data of an entry point.
type opening struct {
	ctx   context.Context
	entry *streamEntry
	from  *identity.Caller
	who   *identity.Identity
	args  any
	place place
}

func (o *opening) feedKey() feed.Key { return feed.Key{Stream: o.entry.name, Topic: o.place.topic} }

// lifecycle is Lifecycle without the type of its arguments.
type lifecycle struct {
	mode                     Mode
	subscribed, unsubscribed func(in *invoke.Invocation, args any) error
}

func lifecycleOf[A any](l Lifecycle[A]) *lifecycle {
	if l.Subscribed == nil && l.Unsubscribed == nil {
		return nil
	}
	own := &lifecycle{mode: l.Mode}
	if l.Subscribed != nil {
		own.subscribed = func(in *invoke.Invocation, args any) error { return l.Subscribed(callOf(in), args.(*A)) }
	}
	if l.Unsubscribed != nil {
		own.unsubscribed = func(in *invoke.Invocation, args any) error { return l.Unsubscribed(callOf(in), args.(*A)) }
	}
	return own
}

// live is the source of a live query.
type live struct {
	window
	ctx context.Context
}

func openLive(s *Server, o *opening) (source, error) {
	w, err := s.engine.Open(o.ctx, o.entry.query, o.place.params)
	if err != nil {
		return nil, err
	}
	return live{w, o.ctx}, nil
}

func (l live) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	ctx, cancel := context.WithTimeout(l.ctx, invoke.DefaultTimeout)
	defer cancel()
	if err := l.Reach(ctx, since); err != nil {
		return nil, nil, 0, false, err
	}
	value, t, seq, more := l.window.Attach(dst)
	return value, t, seq, more, nil
}

func (l live) More(ctx context.Context) error {
	if pages, ok := l.window.(interface{ More(context.Context) error }); ok {
		return pages.More(ctx)
	}
	return nil
}

// topicOf is the topic that a generated function names.
func topicOf(b []byte) string {
	if len(b) == 0 {
		return "[]"
	}
	return string(b)
}

// spec is how the checks of an entry point, and its first value, run.
func (e *streamEntry) spec() invoke.Spec { return invoke.Spec{Path: e.name, Mode: e.mode} }
