package conn

import (
	"fmt"
	"strconv"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// subscription is one stream that a connection is subscribed to. The connection's lock guards it.
type subscription struct {
	id       uint64
	stream   *catalog.Stream
	args     any
	view     catalog.View
	since    uint64 // the commit at which the checks found the view
	source   source // nil while the gate is closed, and while the checks refuse
	outbound outbound.Subscription
	topic    *topic.Topic // that the client follows
	refusal  *fault.Error // why it waits; nil if it does not
	cancel   func()       // ends the watch of what the checks have read; nil if there is none
	read     watch.Digest // identifies what the checks have read
	owed     bool         // it was on hold when data was to be sent, so the next check sends it
	ended    bool

	identity.Credentials             // of its checks
	visit                *visit      // of the stream; nil until data was sent
	attended             *attendance // of a part of a room, while it is shown
}

// subscribe opens a subscription.
func (c *Conn) subscribe(m *wire.Message) {
	started := time.Now()
	e := c.conns.cfg.Catalog.Streams[string(m.Path)]
	if e == nil {
		c.refuse(m.ID, &fault.Error{Code: fault.CodeNotFound, Message: "There is no stream " + string(m.Path)})
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.subs[m.ID] != nil {
		c.unfit(0, "A subscription with the id "+strconv.FormatUint(m.ID, 10)+" is open")
		return
	}
	refusal, err := c.open(m, e)
	code := ""
	switch {
	case err != nil:
		failure := c.report(m.ID, e.Name, err)
		code = failure.Code
		c.refuse(m.ID, failure)
	case refusal != nil:
		code = refusal.Code
	}
	c.slow(m.ID, e.Name, e.Metrics.Done(code, time.Since(started)))
}

// open makes a subscription. If the checks refuse and that may change, the subscription stays and waits.
func (c *Conn) open(m *wire.Message, e *catalog.Stream) (refusal *fault.Error, err error) {
	cfg := &c.conns.cfg
	switch {
	case c.conns.stopping.Load() || c.gone.Load():
		return nil, fault.Unavailable
	case len(c.subs) >= cfg.Govern.Int(limits.MaxSubscriptionsPerConnection):
		cfg.Govern.Reached(limits.MaxSubscriptionsPerConnection)
		message := "A connection may have at most %d subscriptions (limit %s)"
		return nil, &fault.Error{
			Code: fault.CodeRateLimited, Message: fmt.Sprintf(message, len(c.subs), limits.MaxSubscriptionsPerConnection),
		}
	}
	if err := fits(m, c.conns.payload); err != nil {
		return nil, err
	}
	if err := c.room(); err != nil {
		return nil, err
	}
	if err := cfg.Admission.CountIP(c.ctx, e.Name, e.RateByIP, &c.caller); err != nil {
		return nil, err
	}
	if failure := cfg.Traffic.Subscribe(c.who.Load().Key, c.caller.Network()); failure != nil {
		return nil, failure
	}
	defer func() {
		if err != nil {
			cfg.Traffic.Unsubscribe(c.who.Load().Key, c.caller.Network())
		}
	}()
	args, err := cfg.Admission.Arguments(e, m.Args)
	if err != nil {
		return nil, err
	}
	sub := &subscription{id: m.ID, stream: e, args: args}
	sub.outbound.Init(c.outbound)
	found, err := c.check(sub, false)
	switch {
	case err != nil:
	case found.refusal != nil && !c.mayChange(sub):
		err = found.refusal
	case found.open:
		sub.view, sub.since = found.view, found.seq
		sub.source, err = c.openSource(sub, &found)
	}
	if err != nil {
		sub.ended = true
		if sub.cancel != nil {
			sub.cancel()
		}
		return nil, err
	}
	if c.subs == nil {
		c.subs = map[uint64]*subscription{}
	}
	c.subs[sub.id] = sub
	c.watchTime()
	cfg.Metrics.Subscriptions.Inc()
	switch {
	case found.refusal != nil:
		sub.refusal = found.refusal
		c.outbound.Send(wire.AppendErr(nil, sub.id, waiting(found.refusal)))
	case !found.open:
		c.outbound.Send(wire.AppendOff(nil, sub.id))
	default:
		c.show(sub, m.At, found.reads)
	}
	return found.refusal, nil
}

func (c *Conn) openSource(sub *subscription, found *finding) (source, error) {
	return c.conns.source(&opening{
		ctx: c.ctx, stream: sub.stream, from: &c.caller, who: found.who, args: sub.args, view: found.view,
	})
}

// unsubscribe ends a subscription for the client.
func (c *Conn) unsubscribe(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sub := c.subs[id]; sub != nil {
		c.release(sub, nil)
	}
}

// end ends a subscription and sends the client the reason.
func (c *Conn) end(sub *subscription, why *fault.Error) {
	c.release(sub, wire.AppendEnd(nil, sub.id, fault.Wire(why)))
}

// release ends a subscription, and sends the client a message, unless it is nil.
func (c *Conn) release(sub *subscription, message []byte) {
	sub.ended = true
	if sub.cancel != nil {
		sub.cancel()
	}
	c.detach(sub, message)
	delete(c.subs, sub.id)
	c.conns.cfg.Traffic.Unsubscribe(c.who.Load().Key, c.caller.Network())
	c.conns.cfg.Metrics.Subscriptions.Dec()
}

// detach ends what a subscription shows: when it ends, when its gate closes or when its checks refuse. It sends the client a message,
// unless it is nil. No event comes after the message.
func (c *Conn) detach(sub *subscription, message []byte) {
	sub.outbound.Leave(message)
	sub.topic, sub.owed = nil, false
	c.drop(sub)
}

// drop releases the source of a subscription, and runs the code of the stream for subscribers who leave.
func (c *Conn) drop(sub *subscription) {
	if sub.source == nil {
		return
	}
	if e := sub.stream; e.Feed != nil && e.Room == nil && !c.sharesTopic(sub) {
		c.owner.Abandon(feed.Key{Stream: e.Name, Topic: sub.view.Topic})
	}
	sub.source.Release()
	sub.source = nil
	c.unsubscribed(sub.visit)
	sub.visit = nil
	c.withdraw(sub)
}

// sharesTopic reports whether another subscription of the connection shows the same data.
func (c *Conn) sharesTopic(sub *subscription) bool {
	for _, other := range c.subs {
		if other != sub && other.stream == sub.stream && other.source != nil && other.view.Topic == sub.view.Topic {
			return true
		}
	}
	return false
}
