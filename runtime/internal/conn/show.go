package conn

import (
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// maxChases bounds how many times the data of a subscription is read again because later events were sent meanwhile. Only a topic whose
// events never pause reaches it.
const maxChases = 100

// show sends the data of a subscription that the client does not follow yet. If the data that the client has is recent enough, it sends
// only that. reads is what the checks have read.
func (c *Conn) show(sub *subscription, at wire.At, reads []store.Dependency) {
	c.attend(sub)
	if t := sub.source.Topic(); at.Epoch != "" && c.returns(sub, t, at, reads) {
		if c.follow(sub, t, at.Offset, wire.AppendLive(nil, sub.id, t.Number(), c.epoch(sub, t, at.Offset), at.Offset)) {
			return
		}
	}
	c.snap(sub)
}

// follow sends a message that says what the client holds; the later events of the topic follow. It returns false where the client was sent
// later ones already. Data of a subscription on hold is owed: a check is on its way. The first time, the stream runs what it runs when
// somebody has subscribed.
func (c *Conn) follow(sub *subscription, t *topic.Topic, offset uint64, message []byte) bool {
	switch sub.outbound.Follow(t, offset, message) {
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

// snap sends the data of a subscription, which the later events of its topic follow.
func (c *Conn) snap(sub *subscription) { c.snapOf(sub, nil) }

// snapOf is snap with the reason why the client does not get the further page that it has asked for; nil for none.
func (c *Conn) snapOf(sub *subscription, refused *fault.Error) {
	var value, message []byte
	for range maxChases {
		var t *topic.Topic
		var offset uint64
		var more bool
		var err error
		if value, t, offset, more, err = sub.source.Attach(value[:0], sub.since); err == nil {
			err = c.conns.cfg.Runner.Fits(c.caller.Turn, len(value))
		}
		if err != nil {
			c.end(sub, c.report(sub.id, sub.stream.Name, err))
			return
		}
		message = wire.AppendSnap(message[:0], sub.id, t.Number(), c.epoch(sub, t, offset), offset, value, more)
		if refused != nil {
			message = wire.SnapRefused(message, fault.Wire(refused))
		}
		if c.follow(sub, t, offset, message) {
			return
		}
	}
	c.end(sub, &fault.Error{Code: fault.CodeUnavailable, Message: "This changes too fast for this connection"})
}

// renew sends the data of the subscriptions to a topic whose log has dropped events before they were sent to the client.
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

// more loads the next page of a subscription and sends all pages. If there is none, or a limit refuses it, it sends the same data again.
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
		err := sub.source.More(c.ctx)
		if err == nil {
			c.snap(sub)
			return
		}
		why := c.report(sub.id, sub.stream.Name, err)
		if why.Code == fault.CodeResultSize || why.Code == fault.CodeOverloaded {
			c.snapOf(sub, why)
			return
		}
		c.end(sub, why)
	}
}
