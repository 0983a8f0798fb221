package conn

import (
	"strconv"
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// maxChases is how often the data of a subscription is taken again because the client has been sent later events meanwhile. Only events that never pause get there.
const maxChases = 100

// subscription is one stream that a connection follows. The connection's lock guards it.
type subscription struct {
	id       uint64
	entry    *catalog.Stream
	args     any
	place    catalog.Place
	since    uint64 // the commit at which its checks have found the place
	source   source // nil while the gate is closed, and while its checks refuse it
	outbound outbound.Subscription
	topic    *topic.Topic // that the reader follows
	refusal  *fault.Error // why it waits; nil if it does not
	cancel   func()       // ends the watch of what the checks read; nil without one
	read     watch.Digest // what that is
	owed     bool         // data is to be sent once it is no longer on hold: the check that follows does
	ended    bool

	identity.Credentials             // of its checks
	visit                *visit      // of the stream; nil until something is shown
	attended             *attendance // of a part of a room that is shown
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
		failure := c.report(e.Name, err)
		code = failure.Code
		c.refuse(m.ID, failure)
	case refusal != nil:
		code = refusal.Code
	}
	e.Metrics.Done(code, time.Since(started))
}

// open makes a subscription. One that its checks refuse stays, where that may change; the client hears so.
func (c *Conn) open(m *wire.Message, e *catalog.Stream) (refusal *fault.Error, err error) {
	cfg := &c.conns.cfg
	switch {
	case c.conns.stopping.Load() || c.gone.Load():
		return nil, fault.Unavailable
	case len(c.subs) >= maxSubscriptions:
		return nil, &fault.Error{Code: fault.CodeRateLimited, Message: "A connection may have at most " + strconv.Itoa(maxSubscriptions) + " subscriptions"}
	}
	if err := cfg.Admission.CountIP(c.ctx, e.Name, e.RateByIP, &c.caller); err != nil {
		return nil, err
	}
	args, err := cfg.Admission.Arguments(e, m.Args)
	if err != nil {
		return nil, err
	}
	sub := &subscription{id: m.ID, entry: e, args: args}
	sub.outbound.Init(c.outbound)
	found, err := c.check(sub)
	switch {
	case err != nil:
	case found.refusal != nil && !c.mayChange(sub):
		err = found.refusal
	case found.open:
		sub.place, sub.since = found.at, found.seq
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
		ctx: c.ctx, entry: sub.entry, from: &c.caller, who: found.who, args: sub.args, place: found.at,
	})
}

// show sends the data of a subscription that the client does not follow yet, or, where that is enough, that what the client
// holds is right. reads is what its checks have read.
func (c *Conn) show(sub *subscription, at wire.At, reads []watch.Dependency) {
	c.attend(sub)
	if t := sub.source.Topic(); at.Epoch != "" && c.returns(sub, t, at, reads) {
		if c.follow(sub, t, at.Seq, wire.AppendLive(nil, sub.id, t.Number(), c.epoch(sub, t, at.Seq), at.Seq)) {
			return
		}
	}
	c.snap(sub)
}

// follow sends a message that says what the client holds, and has the events behind it follow. It gives false where the client
// has been sent later ones. What is on hold is owed: a check is on its way. The first time, the stream learns that somebody has
// subscribed.
func (c *Conn) follow(sub *subscription, t *topic.Topic, seq uint64, message []byte) bool {
	switch sub.outbound.Follow(t, seq, message) {
	case outbound.Sent:
		sub.topic, sub.owed = t, false
		c.shown(sub)
		return true
	case outbound.Held:
		sub.owed = true
		return true
	default:
		return false
	}
}

// snap sends the data of a subscription. The client follows its topic from there on.
func (c *Conn) snap(sub *subscription) {
	var value, message []byte
	for range maxChases {
		var t *topic.Topic
		var seq uint64
		var more bool
		var err error
		if value, t, seq, more, err = sub.source.Attach(value[:0], sub.since); err != nil {
			c.end(sub, c.report(sub.entry.Name, err))
			return
		}
		message = wire.AppendSnap(message[:0], sub.id, t.Number(), c.epoch(sub, t, seq), seq, value, more)
		if c.follow(sub, t, seq, message) {
			return
		}
	}
	c.end(sub, &fault.Error{Code: fault.CodeUnavailable, Message: "This changes too fast for this connection"})
}

// renew sends the data of the subscriptions to a topic whose log has dropped events that the client has not been sent.
func (c *Conn) renew(t *topic.Topic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone.Load() {
		return
	}
	for _, sub := range c.subs {
		if sub.topic == t && sub.source != nil {
			c.snap(sub)
		}
	}
}

// more loads the next page of a subscription, or sends what there is where there is no further one.
func (c *Conn) more(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sub := c.subs[id]
	switch {
	case sub == nil: // it may have ended meanwhile
	case sub.refusal != nil:
		c.outbound.Send(wire.AppendEnd(nil, id, waiting(sub.refusal)))
	case sub.source == nil:
		c.outbound.Send(wire.AppendOff(nil, id))
	default:
		if err := sub.source.More(c.ctx); err != nil {
			c.end(sub, c.report(sub.entry.Name, err))
			return
		}
		c.snap(sub)
	}
}

func (c *Conn) unsubscribe(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sub := c.subs[id]; sub != nil {
		c.release(sub, nil)
	}
}

// end ends a subscription and tells the client why.
func (c *Conn) end(sub *subscription, why *fault.Error) {
	c.release(sub, wire.AppendEnd(nil, sub.id, fault.Wire(why)))
}

// release gives back what a subscription holds. The client is sent a message, unless it is nil.
func (c *Conn) release(sub *subscription, message []byte) {
	sub.ended = true
	if sub.cancel != nil {
		sub.cancel()
	}
	c.detach(sub, message)
	delete(c.subs, sub.id)
	c.conns.cfg.Metrics.Subscriptions.Dec()
}

// detach ends what a subscription shows: at its end, when its gate closes or its checks refuse it. The client is sent a
// message, unless it is nil, behind which nothing more comes.
func (c *Conn) detach(sub *subscription, message []byte) {
	sub.outbound.Leave(message)
	sub.topic, sub.owed = nil, false
	c.drop(sub)
}

// drop gives back the source of a subscription. The stream learns that somebody has left.
func (c *Conn) drop(sub *subscription) {
	if sub.source == nil {
		return
	}
	if e := sub.entry; e.Feed != nil && e.Room == nil && !c.sharesTopic(sub) {
		c.owner.Abandon(feed.Key{Stream: e.Name, Topic: sub.place.Topic})
	}
	sub.source.Release()
	sub.source = nil
	c.unsubscribed(sub.visit)
	sub.visit = nil
	c.withdraw(sub)
}

// sharesTopic tells whether another subscription of the connection shows the same data.
func (c *Conn) sharesTopic(sub *subscription) bool {
	for _, other := range c.subs {
		if other != sub && other.entry == sub.entry && other.source != nil && other.place.Topic == sub.place.Topic {
			return true
		}
	}
	return false
}
