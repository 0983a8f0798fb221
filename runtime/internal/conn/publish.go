package conn

import (
	"strconv"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/wire"
)

// publish handles an event that the client publishes.
func (c *Conn) publish(m *wire.Message) {
	err := c.tryPublish(m)
	if err != nil {
		c.conns.refused.Add(1)
	} else {
		c.conns.accepted.Add(1)
	}
	if m.ID == 0 {
		return
	}
	if err != nil {
		c.refuse(m.ID, c.report(m.ID, string(m.Path), err))
		return
	}
	c.outbound.Send(wire.AppendOK(nil, m.ID, []byte("null"), 0))
}

func (c *Conn) tryPublish(m *wire.Message) error {
	cfg := &c.conns.cfg
	e := cfg.Catalog.Streams[string(m.Path)]
	switch {
	case c.conns.stopping.Load():
		return fault.Unavailable
	case e == nil || e.Publisher == nil:
		return &fault.Error{Code: fault.CodeNotFound, Message: "There is no channel " + string(m.Path) + " to publish to"}
	}
	if err := fits(m, c.conns.payload); err != nil {
		return err
	}
	w := e.Publisher
	if len(w.RateByIP) > 0 {
		if err := cfg.Admission.CountIP(c.ctx, e.Name+"\x00pub", w.RateByIP, &c.caller); err != nil {
			return err
		}
	}
	g, err := c.grantNow(e, m.Args)
	if err != nil {
		return err
	}
	defer c.keepGrant(g)
	for i, r := range w.Rates {
		key := e.Name + "\x00pub" + strconv.Itoa(i) + "\x00" + c.stamp()
		if err := cfg.Runner.Count(c.ctx, key, r); err != nil {
			return err
		}
	}
	if w.Limit != nil {
		err := cfg.Runner.Within(c.ctx, nil, invoke.Request{
			Spec: invoke.Spec{Path: e.Name}, From: &c.caller, As: invoke.As(g.who),
			Do: func(in *invoke.Invocation) error { return w.Limit(in, g.args) },
		})
		if err != nil {
			return err
		}
	}
	name := string(m.Event)
	data, err := c.event(e, name, m.Value)
	if err != nil {
		return err
	}
	if e.Room == nil {
		return c.send(g, name, data)
	}
	in := feed.Key{Stream: e.Room.Name, Topic: g.view.Room}
	if e.Feed.Rule.Kind == merge.Presence {
		return c.override(in, c.publication(g, name, data))
	}
	c.mu.Lock() // otherwise a cursor could be published after the connection has left
	defer c.mu.Unlock()
	if c.rooms[in] == nil {
		return errNotInRoom
	}
	return c.send(g, name, data)
}

var errNotInRoom = &fault.Error{Code: fault.CodeForbidden, Message: "Subscribe to the room first"}

// override sets what the client shows of itself in a room. It does not hold the lock, since presence may take a while. If the connection
// leaves meanwhile, presence does nothing.
func (c *Conn) override(in feed.Key, p *feed.Publication) error {
	c.mu.Lock()
	a := c.rooms[in]
	c.mu.Unlock()
	if a == nil {
		return errNotInRoom
	}
	if _, err := c.conns.cfg.Feeds.Admit(p, feed.Pace{}, "", 0); err != nil {
		return err
	}
	return c.conns.cfg.Rooms.Override(a.room, c.stamp(), p.Data)
}

// send publishes an event of the client to the feed of a grant.
func (c *Conn) send(g *grant, name string, data []byte) error {
	p := c.publication(g, name, data)
	if _, err := c.conns.cfg.Feeds.Admit(p, feed.Pace{}, "", 0); err != nil {
		return err
	}
	return c.conns.cfg.Feeds.PublishNow(p)
}

func (c *Conn) publication(g *grant, name string, data []byte) *feed.Publication {
	return &feed.Publication{
		Key: g.feedKey(), Spec: g.stream.Feed, Event: feed.Event{Name: name, Data: data}, By: &c.owner,
		Caller: g.caller,
	}
}

func (g *grant) feedKey() feed.Key { return feed.Key{Stream: g.stream.Name, Topic: g.view.Topic} }

// event reads what the client publishes. It must be an event that clients may publish, with valid data; the client's key is added.
func (c *Conn) event(e *catalog.Stream, name string, value []byte) ([]byte, error) {
	rule := &e.Feed.Rule
	puts, takesOut := rule.Kind.Puts()
	fits := rule.Kind.Takes(name) && (name != merge.SetAll || rule.Kind == merge.Set)
	ownPresence := e.Room != nil && rule.Kind == merge.Presence
	if !fits || ownPresence && name != puts {
		return nil, &fault.Error{Code: fault.CodeValidation, Message: "A client cannot publish the event " + strconv.Quote(name) + " here"}
	}
	stamps := rule.Kind == merge.Presence || rule.Kind == merge.Cursor
	if stamps && name == takesOut {
		return feed.Stamped(c.stamp(), nil), nil
	}
	if rule.Kind == merge.Crud && name == takesOut {
		return feed.RowKey(rule.Key, value)
	}
	data, err := c.conns.cfg.Admission.Event(e.Publisher, value)
	if err == nil && stamps && !ownPresence { // the room adds the key to its presence
		data = feed.Stamped(c.stamp(), data)
	}
	return data, err
}
