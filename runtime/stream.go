package runtime

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/relation"
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
	params []relation.Value
	window window       // nil while the gate is closed
	topic  *topic.Topic // that the session follows for it; nil with window
	cancel func()       // ends the watch of what Open read; nil without one
	ended  bool
	dirty  atomic.Bool // a recheck is on its way
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
	args, err := s.arguments(e.name, m.Args, e.decode, e.parse)
	if err != nil {
		return err
	}
	sub := &subscription{id: m.ID, entry: e, args: args}
	open, params, err := c.check(sub)
	if err == nil && open {
		sub.params = params
		sub.window, err = s.engine.Open(c.ctx, e.query, params)
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
	s.metrics.Subscriptions.Inc()
	if !open {
		c.session.Send(wire.AppendOff(nil, sub.id))
		return nil
	}
	c.show(sub, m.At)
	return nil
}

// check runs the stream's guards, access and gate. What they read is watched, in the place of what an earlier run read. open is false where the gate is closed.
func (c *conn) check(sub *subscription) (open bool, params []relation.Value, err error) {
	cancel, err := c.watch(func(ctx context.Context, tx store.Tx) error {
		params, err = sub.entry.open(c.server.newCall(ctx, sub.entry.name, &c.caller, c.who.Load(), tx), sub.args)
		open = err == nil
		if errors.Is(err, ErrGate) {
			return nil
		}
		return err
	}, func() {
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
	return open, params, err
}

// recheck checks a subscription again, since what its checks hang on has changed: it goes on, follows other data, falls silent or ends.
func (c *conn) recheck(sub *subscription) {
	sub.dirty.Store(false)
	if sub.ended || c.gone {
		return
	}
	open, params, err := c.check(sub)
	switch {
	case err != nil:
		c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
	case !open && sub.window == nil:
	case !open:
		c.detach(sub)
		c.session.Send(wire.AppendOff(nil, sub.id))
	case sub.window != nil && slices.EqualFunc(params, sub.params, relation.Same):
	default:
		w, err := c.server.engine.Open(c.ctx, sub.entry.query, params)
		if err != nil {
			c.end(sub, c.server.failure(c.ctx, sub.entry.name, err))
			return
		}
		c.detach(sub)
		sub.window, sub.params = w, params
		c.show(sub, wire.At{})
	}
}

// show sends the data of a subscription that the session does not follow yet, or, where that is enough, that what the client holds is right.
func (c *conn) show(sub *subscription, at wire.At) {
	if t := sub.window.Topic(); at.Epoch != "" && t.Reaches(at.Epoch, at.Seq) {
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
		value, t, seq, more = sub.window.Attach(value[:0])
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

// more loads the next page of a subscription.
func (c *conn) more(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.subs[id] == nil {
		return // it may have ended meanwhile
	}
	c.unfit(0, "The stream of subscription "+strconv.FormatUint(id, 10)+" has no pages")
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

func (c *conn) detach(sub *subscription) {
	if sub.topic != nil {
		c.session.Unfollow(sub.topic)
		sub.topic = nil
	}
	if sub.window != nil {
		sub.window.Release()
		sub.window = nil
	}
}
