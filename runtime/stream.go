package runtime

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// maxChases is how often the data of a subscription is taken again because the session has sent later events meanwhile. Only events that never pause get there.
const maxChases = 100

// subscription is one stream that a connection follows. The connection's lock guards it.
type subscription struct {
	id     uint64
	entry  *streamEntry
	args   any
	place  place
	source source       // nil while the gate is closed
	topic  *topic.Topic // that the session follows for it; nil with source
	cancel func()       // ends the watch of what the checks read; nil without one
	ended  bool
	dirty  atomic.Bool // a recheck is on its way

	standing // of its checks

	told     bool        // what the stream does when somebody has subscribed has been started
	attended *attendance // of a part of a room that is shown
}

// subscribe opens a subscription.
func (c *conn) subscribe(m *wire.Message) {
	started := time.Now()
	s := c.server
	e := s.streams[string(m.Path)]
	if e == nil {
		c.refuse(m.ID, &Error{Code: CodeNotFound, Message: "There is no stream " + string(m.Path)})
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.subs[m.ID] != nil {
		c.unfit(0, "A subscription with the id "+strconv.FormatUint(m.ID, 10)+" is open")
		return
	}
	err := c.open(m, e)
	code := ""
	if err != nil {
		failure := s.failure(c.ctx, e.name, err)
		code = failure.Code
		c.refuse(m.ID, failure)
	}
	e.metrics.Done(code, time.Since(started))
}

func (c *conn) open(m *wire.Message, e *streamEntry) error {
	s := c.server
	switch {
	case s.stopping.Load() || c.gone:
		return errUnavailable
	case len(c.subs) >= maxSubscriptions:
		return &Error{Code: CodeRateLimited, Message: "A connection has at most " + strconv.Itoa(maxSubscriptions) + " subscriptions"}
	}
	if err := s.rateByIP(e.name, e.rateByIP, &c.caller); err != nil {
		return err
	}
	args, err := s.arguments(e.judge, m.Args, e.decode, e.parse)
	if err != nil {
		return err
	}
	sub := &subscription{id: m.ID, entry: e, args: args}
	open, at, err := c.check(sub)
	if err == nil && open {
		sub.place = at
		sub.source, err = c.openSource(sub, at)
	}
	if err != nil {
		if sub.cancel != nil {
			sub.cancel()
		}
		return err
	}
	if c.subs == nil {
		c.subs = map[uint64]*subscription{}
	}
	c.subs[sub.id] = sub
	c.watchTime()
	s.metrics.Subscriptions.Inc()
	if !open {
		c.session.Send(wire.AppendOff(nil, sub.id))
		return nil
	}
	c.show(sub, m.At)
	return nil
}

func (c *conn) openSource(sub *subscription, at place) (source, error) {
	return sub.entry.source(c.server, &opening{ctx: c.ctx, entry: sub.entry, from: &c.caller, who: c.who.Load(), args: sub.args, place: at})
}

// check runs the stream's guards, access and gate. What they read is watched, in the place of what an earlier run read. open is false where the gate is closed.
func (c *conn) check(sub *subscription) (open bool, at place, err error) {
	run := func(ctx context.Context, tx store.Tx) error {
		call := c.server.newCall(ctx, sub.entry.name, &c.caller, c.who.Load(), tx)
		at, err = sub.entry.open(call, sub.args)
		open, sub.standing = err == nil, call.standing
		if errors.Is(err, ErrGate) {
			return nil
		}
		return err
	}
	if sub.entry.pure {
		err = protect(func() error { return run(c.ctx, nil) })
		return open, at, err
	}
	cancel, err := c.server.watch(c.ctx, run, func() {
		if !sub.dirty.Swap(true) {
			c.chores.add(func() {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.recheck(sub)
			})
		}
	})
	if sub.cancel != nil {
		sub.cancel()
	}
	sub.cancel = cancel
	return open, at, err
}

// recheck checks a subscription again, since what its checks hang on has changed: it goes on, follows other data, falls silent or ends.
func (c *conn) recheck(sub *subscription) {
	sub.dirty.Store(false)
	if sub.ended || c.gone {
		return
	}
	open, at, err := c.check(sub)
	c.watchTime()
	switch {
	case err != nil:
		c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
	case !open && sub.source == nil:
	case !open:
		c.detach(sub)
		c.session.Send(wire.AppendOff(nil, sub.id))
	case sub.source != nil && at.same(&sub.place):
		if a := sub.attended; a != nil {
			sub.place.presence = at.presence
			a.hall.members.Set(c.stamp(), at.presence)
		}
	default:
		src, err := c.openSource(sub, at)
		if err != nil {
			c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
			return
		}
		c.detach(sub)
		sub.source, sub.place = src, at
		c.show(sub, wire.At{})
	}
}

// show sends the data of a subscription that the session does not follow yet, or, where that is enough, that what the client holds is right. Then the stream is told that somebody has subscribed.
func (c *conn) show(sub *subscription, at wire.At) {
	c.attend(sub)
	c.place(sub, at)
	if sub.ended || sub.topic == nil {
		return
	}
	c.attended(sub)
	sub.told = true
	c.came(sub.entry.name, sub.entry.lifecycle, sub.args)
}

func (c *conn) place(sub *subscription, at wire.At) {
	if t := sub.source.Topic(); at.Epoch != "" && t.Reaches(at.Epoch, at.Seq) {
		message := wire.AppendLive(nil, sub.id, t.Number(), t.Epoch(), at.Seq)
		if c.session.Follow(t, at.Seq, message, false) {
			sub.topic = t
			return
		}
	}
	c.snap(sub)
}

// snap sends the data of a subscription. The session follows its topic from there on.
func (c *conn) snap(sub *subscription) {
	var value, message []byte
	for range maxChases {
		var t *topic.Topic
		var seq uint64
		var more bool
		var err error
		if value, t, seq, more, err = sub.source.Attach(value[:0]); err != nil {
			c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
			return
		}
		if sub.topic != nil && sub.topic != t {
			c.session.Unfollow(sub.topic)
			sub.topic = nil
		}
		message = wire.AppendSnap(message[:0], sub.id, t.Number(), t.Epoch(), seq, value, more)
		if c.session.Follow(t, seq, message, sub.topic != nil) {
			sub.topic = t
			return
		}
	}
	c.end(sub, &Error{Code: CodeUnavailable, Message: "This changes too fast for this connection"})
}

// renew sends the data of the subscriptions to a topic in which the session has lost its place.
func (c *conn) renew(t *topic.Topic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	for _, sub := range c.subs {
		if sub.topic == t {
			c.snap(sub)
		}
	}
}

// more loads the next page of a subscription, or sends what there is where there is no further one.
func (c *conn) more(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sub := c.subs[id]
	switch {
	case sub == nil: // it may have ended meanwhile
	case sub.source == nil:
		c.session.Send(wire.AppendOff(nil, id))
	default:
		if err := sub.source.More(c.ctx); err != nil {
			c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
			return
		}
		c.snap(sub)
	}
}

func (c *conn) unsubscribe(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sub := c.subs[id]; sub != nil {
		c.release(sub)
	}
}

// end ends a subscription and tells the client why.
func (c *conn) end(sub *subscription, why *Error) {
	c.release(sub)
	c.session.Send(wire.AppendEnd(nil, sub.id, wireFailure(why)))
}

// release gives back what a subscription holds.
func (c *conn) release(sub *subscription) {
	sub.ended = true
	if sub.cancel != nil {
		sub.cancel()
	}
	c.detach(sub)
	delete(c.subs, sub.id)
	c.server.metrics.Subscriptions.Dec()
}

// detach ends what a subscription shows: at its end, when its gate closes, or before it shows other data. The stream is told that somebody has left.
func (c *conn) detach(sub *subscription) {
	if sub.topic != nil {
		c.session.Unfollow(sub.topic)
		sub.topic = nil
	}
	if sub.source == nil {
		return
	}
	if e := sub.entry; e.feeding != nil && e.room == nil && !c.sharesTopic(sub) {
		if f := c.server.feeds.hold(e.name, sub.place.topic, nil, false); f != nil {
			c.disown(f)
			c.server.feeds.release(f)
		}
	}
	sub.source.Release()
	sub.source = nil
	if sub.told {
		sub.told = false
		c.went(sub.entry.name, sub.entry.lifecycle, sub.args)
	}
	c.withdraw(sub)
}

// sharesTopic tells whether another subscription of the connection shows the same data.
func (c *conn) sharesTopic(sub *subscription) bool {
	for _, other := range c.subs {
		if other != sub && other.entry == sub.entry && other.source != nil && other.place.topic == sub.place.topic {
			return true
		}
	}
	return false
}
