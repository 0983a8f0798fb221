package runtime

import (
	"context"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// publisher says how clients publish to an entry point.
type publisher struct {
	entry    *Entry
	judge    string // whose schema judges entries
	rateByIP []Rate
	rates    []Rate
	check    func(in *invoke.Invocation, args any) error // guards of writers; nil for none
	limit    func(in *invoke.Invocation, args any) error // rates by expression; nil for none
}

// maxPermits bounds the topics whose checks a connection need not pass again for each of its events.
const maxPermits = 64

// permit is the leave of a connection to publish to one topic, for as long as what its checks have read does not change.
type permit struct {
	entry  *streamEntry
	raw    []byte // the arguments as they came
	args   any
	place  place
	feed   *feed.Feed
	who    *identity.Identity
	cancel func() // ends the watch of what the checks have read; nil without one
	dirty  atomic.Bool
	identity.Credentials
}

// publish handles an event that the client publishes.
func (c *conn) publish(m *wire.Message) {
	err := fault.Protect(func() error { return c.tryPublish(m) })
	if err != nil {
		c.server.refused.Add(1)
	} else {
		c.server.taken.Add(1)
	}
	if m.ID == 0 {
		return
	}
	if err != nil {
		c.refuse(m.ID, c.server.faults.Report(c.ctx, string(m.Path), err))
		return
	}
	c.outbound.Send(wire.AppendOK(nil, m.ID, []byte("null"), 0))
}

func (c *conn) tryPublish(m *wire.Message) error {
	s := c.server
	e := s.streams[string(m.Path)]
	switch {
	case s.stopping.Load():
		return fault.Unavailable
	case e == nil || e.publisher == nil:
		return &Error{Code: CodeNotFound, Message: "There is no channel " + string(m.Path) + " to publish to"}
	}
	w := e.publisher
	if len(w.rateByIP) > 0 {
		if err := s.rateByIP(c.ctx, e.name+"\x00pub", w.rateByIP, &c.caller); err != nil {
			return err
		}
	}
	p, err := c.permitNow(e, m.Args)
	if err != nil {
		return err
	}
	defer c.keepsPermit(p)
	for i, r := range w.rates {
		if err := s.runner.Count(c.ctx, e.name+"\x00pub"+strconv.Itoa(i)+"\x00"+c.stamp(), r, s.runner.Now()); err != nil {
			return err
		}
	}
	if w.limit != nil {
		err := s.runner.Within(c.ctx, nil, invoke.Request{
			Spec: invoke.Spec{Path: e.name}, From: &c.caller, As: invoke.As(p.who),
			Do: func(in *invoke.Invocation) error { return w.limit(in, p.args) },
		})
		if err != nil {
			return err
		}
	}
	name := string(m.Event)
	data, err := c.entry(e, name, m.Value)
	if err != nil {
		return err
	}
	if e.room == nil {
		return c.send(p, name, data)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.rooms[feed.Key{Stream: e.room.spec.Name, Topic: p.place.room}]
	switch {
	case a == nil:
		return &Error{Code: CodeForbidden, Message: "Subscribe to the room first"}
	case e.feed.Rule.Kind == merge.Presence:
		return c.server.rooms.Override(a.room, c.stamp(), data)
	}
	return c.send(p, name, data)
}

// send publishes an event of the client to the feed of a permit.
func (c *conn) send(p *permit, name string, data []byte) error {
	return c.server.feeds.PublishNow(&feed.Publication{
		Key: p.feedKey(), Spec: p.entry.feed, Event: feed.Event{Name: name, Data: data}, By: c.publisher(),
	})
}

func (p *permit) feedKey() feed.Key { return feed.Key{Stream: p.entry.name, Topic: p.place.topic} }

// entry reads what the client publishes: an event that it may use, and an entry that fits, stamped with the client's key.
func (c *conn) entry(e *streamEntry, name string, value []byte) ([]byte, error) {
	rule := &e.feed.Rule
	puts, takesOut := rule.Kind.Puts()
	fits := rule.Kind.Takes(name) && (name != merge.SetAll || rule.Kind == merge.Set)
	ownPresence := e.room != nil && rule.Kind == merge.Presence
	if !fits || ownPresence && name != puts {
		return nil, &Error{Code: CodeValidation, Message: "A client cannot publish the event " + strconv.Quote(name) + " here"}
	}
	stamps := rule.Kind == merge.Presence || rule.Kind == merge.Cursor
	if stamps && name == takesOut {
		return feed.Stamped(c.stamp(), nil), nil
	}
	if rule.Kind == merge.Crud && name == takesOut {
		return feed.RowKey(rule.Key, value)
	}
	data, ok := e.publisher.entry.decode(value)
	if !ok {
		c.server.metrics.Slow.Inc()
		err := c.server.validator.Event(e.publisher.judge, value, func(value []byte) (err error) {
			data, err = e.publisher.entry.parse(value)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	switch {
	case ownPresence:
		return data, nil // the room stamps it
	case stamps:
		return feed.Stamped(c.stamp(), data), nil
	}
	return data, nil
}

// permit gives the leave to publish to the topic that these arguments name, after the checks of subscribers and of writers.
func (c *conn) permit(e *streamEntry, raw []byte, who *identity.Identity) (*permit, error) {
	var room [128]byte
	name := append(append(append(room[:0], e.name...), 0), raw...)
	c.permitMu.Lock()
	p := c.permits[string(name)]
	c.permitMu.Unlock()
	if p != nil && !p.dirty.Load() && p.who == who && !p.Expired(c.server.runner) {
		return p, nil
	}
	s, key := c.server, string(name)
	args, err := s.arguments(e.judge, raw, e.decode, e.parse)
	if err != nil {
		return nil, err
	}
	fresh := &permit{entry: e, raw: slices.Clone(raw), args: args} // the frame is not kept
	request := invoke.Request{
		Spec: e.spec(), From: &c.caller,
		As: func(ctx context.Context, tx store.Tx) (who *identity.Identity, err error) {
			fresh.who, err = c.publisherAt(ctx, tx)
			return fresh.who, err
		},
		Do: func(in *invoke.Invocation) (err error) {
			if fresh.place, err = e.open(in, args); err == nil && e.publisher.check != nil {
				err = e.publisher.check(in, args)
			}
			fresh.Credentials = in.Credentials
			return err
		},
	}
	aside(func() {
		fresh.cancel, _, err = s.runner.Watch(c.ctx, request, func() {
			if !fresh.dirty.Swap(true) {
				c.chores.add(func() { _, _ = c.permitNow(e, fresh.raw) }) // nobody waits for an answer: a later event is refused
			}
		})
	})
	if err == ErrGate {
		err = &Error{Code: CodeForbidden, Message: "The gate is closed"}
	}
	if err == nil {
		fresh.feed, err = s.feeds.Hold(c.ctx, fresh.feedKey(), e.feed)
	}
	c.permitMu.Lock()
	defer c.permitMu.Unlock()
	old := c.permits[key]
	if old != nil {
		old.end(s)
		delete(c.permits, key)
	}
	if err != nil {
		if old != nil {
			c.owner.Abandon(old.feedKey()) // what it has published it may publish no longer
		}
		if fresh.cancel != nil {
			fresh.cancel()
		}
		return nil, err
	}
	if c.permitless {
		fresh.end(s)
		return nil, fault.Unavailable // the connection has ended meanwhile
	}
	if len(c.permits) >= maxPermits {
		for k, other := range c.permits {
			other.end(s)
			delete(c.permits, k)
		}
	}
	if c.permits == nil {
		c.permits = map[string]*permit{}
	}
	c.permits[key] = fresh
	return fresh, nil
}

// end gives back what a permit holds.
func (p *permit) end(s *Server) {
	if p.cancel != nil {
		p.cancel()
	}
	s.feeds.Release(p.feed)
}

func (c *conn) endPermits() {
	c.permitMu.Lock()
	defer c.permitMu.Unlock()
	for _, p := range c.permits {
		p.end(c.server)
	}
	c.permits, c.permitless = nil, true
}
