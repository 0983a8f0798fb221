package conn

import (
	"context"
	"fmt"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// source is what a subscription shows: a value, and the topic of the events that follow it.
type source interface {
	// Attach appends the value as JSON, and gives the topic and the offset of the last event that is in it. more: there are further
	// pages. The value, and each event after it, includes the commits up to since.
	Attach(dst []byte, since uint64) (json []byte, t *topic.Topic, offset uint64, more bool, err error)
	// Topic is the topic of the events.
	Topic() *topic.Topic
	// More loads a further page, if there is one. Attach then includes it.
	More(ctx context.Context) error
	Release()
}

// opening is the request of one caller to open the data of a stream.
type opening struct {
	ctx    context.Context
	stream *catalog.Stream
	from   *identity.Caller
	who    *identity.Identity
	args   any
	view   catalog.View
}

func (o *opening) key() feed.Key { return feed.Key{Stream: o.stream.Name, Topic: o.view.Topic} }

// caller is for whom the memory of the data counts, and with whom others take turns.
func (o *opening) caller() string { return identity.TurnOf(o.from, o.who) }

// source opens the data of a stream.
func (s *Conns) source(o *opening) (source, error) {
	switch o.stream.Kind {
	case catalog.Live:
		return s.openLive(o)
	case catalog.Published:
		return s.openPublished(o)
	case catalog.Kept:
		return s.openKept(o)
	case catalog.Derived:
		return s.openDerived(o)
	default:
		panic(fmt.Sprintf("conn: no source for streams of the kind %d", o.stream.Kind))
	}
}

// live is the source of a live query.
type live struct {
	Window
	conns *Conns
	ctx   context.Context
}

func (s *Conns) openLive(o *opening) (source, error) {
	ctx, cancel := context.WithTimeout(o.ctx, s.cfg.Runner.CallTime())
	defer cancel()
	ctx = store.WithTurn(ctx, store.Turn{Caller: o.caller(), Name: o.stream.Name, Kind: store.Calls})
	w, err := s.cfg.Engine.Open(ctx, o.stream.Query, o.view.Params)
	if err != nil {
		return nil, err
	}
	return live{w, s, o.ctx}, nil
}

func (l live) More(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.conns.cfg.Runner.CallTime())
	defer cancel()
	return l.Window.More(ctx)
}

func (l live) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	ctx, cancel := context.WithTimeout(l.ctx, l.conns.cfg.Runner.CallTime())
	defer cancel()
	if err := l.Reach(ctx, since); err != nil {
		return nil, nil, 0, false, err
	}
	value, t, offset, more := l.Window.Attach(dst)
	return value, t, offset, more, nil
}

// followed is the source of a feed, without Attach.
type followed struct {
	conns  *Conns
	feed   *feed.Feed
	caller string
}

func (s *Conns) follow(o *opening) (followed, error) {
	caller := o.caller()
	f, err := s.cfg.Feeds.Hold(o.ctx, o.key(), o.stream.Feed, caller)
	return followed{s, f, caller}, err
}

func (f *followed) Topic() *topic.Topic        { return f.feed.Topic() }
func (f *followed) More(context.Context) error { return nil }
func (f *followed) Release()                   { f.conns.cfg.Feeds.Release(f.feed, f.caller) }

// kept is the source of data in memory: a channel, or the presence or the cursors of a room.
type kept struct {
	followed
	ctx     context.Context
	lasting bool // calls publish to it even if nobody is subscribed
}

func (s *Conns) openKept(o *opening) (source, error) {
	f, err := s.follow(o)
	if err != nil {
		return nil, err
	}
	return &kept{f, o.ctx, o.stream.Feed.Lasting}, nil
}

func (k *kept) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	if since > 0 && k.lasting {
		if err := k.conns.cfg.Runner.Settled(k.ctx); err != nil { // what calls have published up to since
			return nil, nil, 0, false, err
		}
	}
	value, offset := k.feed.Value(dst)
	return value, k.feed.Topic(), offset, false, nil
}

// published is the source of a published stream for one subscriber.
type published struct {
	followed
	opening
}

func (s *Conns) openPublished(o *opening) (source, error) {
	f, err := s.follow(o)
	if err != nil {
		return nil, err
	}
	return &published{f, *o}, nil
}

// Attach runs the body, which sees all that was committed, and joins the first value with the events that it does not include: those that
// were published while it was made. Their commits tell which these are, since an event leaves after its commit.
func (p *published) Attach(dst []byte, _ uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	catchUp := p.feed.CatchUp()
	value, seen, err := p.first()
	if err != nil {
		catchUp.End()
		return nil, nil, 0, false, err
	}
	if seen > 0 {
		if err := p.conns.cfg.Runner.Settled(p.ctx); err != nil {
			catchUp.End()
			return nil, nil, 0, false, err
		}
	}
	value, offset, err := catchUp.Join(dst, value, seen)
	return value, p.feed.Topic(), offset, false, err
}

// first runs the body, and gives the last commit that it has seen; 0 if it reads nothing.
func (p *published) first() (value []byte, seen uint64, err error) {
	if p.stream.First == nil {
		if p.stream.Feed.Rule.Kind == merge.Set {
			return []byte("null"), 0, nil
		}
		return []byte("[]"), 0, nil
	}
	seen, err = p.conns.cfg.Runner.Do(p.ctx, invoke.Request{
		Spec: p.stream.Spec(), From: p.from, As: invoke.As(p.who), Kind: store.Calls,
		Do: func(in *invoke.Invocation) (err error) {
			value, err = p.stream.First(in, p.args, nil)
			return err
		},
	})
	return value, seen, err
}

// derived is the source of a derived stream for one subscriber.
type derived struct {
	*derive.Value
	ctx    context.Context
	caller string
}

func (s *Conns) openDerived(o *opening) (source, error) {
	caller := o.caller()
	v, err := s.cfg.Derived.Open(o.ctx, o.key(), o.stream.Derive, s.computing(o.stream, o.args, o.view.Hidden), caller)
	if err != nil {
		return nil, err
	}
	return &derived{v, o.ctx, caller}, nil
}

func (d *derived) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	value, offset, err := d.Value.Attach(d.ctx, d.caller, dst, since)
	return value, d.Topic(), offset, false, err
}

// More does nothing: a value has no pages.
func (d *derived) More(context.Context) error { return nil }

func (d *derived) Release() { d.Value.Release(d.caller) }

// computing computes a value of a derived stream. Of the caller it uses only the hidden parameters, which are the same for all who share
// the topic, and it runs no guard.
func (s *Conns) computing(e *catalog.Stream, args any, hidden catalog.Hidden) derive.Compute {
	return func(ctx context.Context, by derive.By, again func()) (found derive.Computed, err error) {
		request := invoke.Request{
			Spec: e.Spec(), From: &identity.Caller{IP: hidden.IP, Turn: by.Turn}, As: invoke.As(&identity.Identity{User: hidden.User}),
			Kind: store.Calls, Must: by.Own,
			Do: func(in *invoke.Invocation) (err error) {
				in.Hidden = hidden.Added
				if in.Tx != nil {
					found.Seq = in.Tx.Seq()
				}
				found.Value, err = e.First(in, args, nil)
				return err
			},
		}
		if again != nil {
			found.Cancel, _, err = s.cfg.Runner.Watch(ctx, request, again)
		} else {
			_, err = s.cfg.Runner.Do(ctx, request)
		}
		return found, err
	}
}
