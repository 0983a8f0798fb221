package conn

import (
	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/room"
)

// attendance is the stay of a connection in a room. The connection's lock guards it.
type attendance struct {
	room  *room.State
	parts int    // number of subscriptions to parts of the room
	args  any    // of the first of them
	visit *visit // nil until data was sent

	caller string // for whom the memory of the room counts
}

// attend enters the room of a subscription to one of its parts, before data is sent. The caller holds the connection's lock.
func (c *Conn) attend(sub *subscription) {
	e := sub.stream.Room
	if e == nil || sub.attended != nil {
		return
	}
	id := feed.Key{Stream: e.Name, Topic: sub.view.Room}
	a := c.rooms[id]
	if a == nil {
		caller := identity.TurnOf(&c.caller, c.who.Load())
		r, err := c.conns.cfg.Rooms.Enter(&e.Spec, sub.view.Room, c.stamp(), sub.view.Info, caller)
		if err != nil {
			return // the server is stopping, or the error was reported
		}
		a = &attendance{room: r, args: sub.args, caller: caller}
		if c.rooms == nil {
			c.rooms = map[feed.Key]*attendance{}
		}
		c.rooms[id] = a
	} else {
		c.conns.cfg.Rooms.Update(a.room, c.stamp(), sub.view.Info)
	}
	a.parts++
	sub.attended = a
}

// withdraw removes a subscription from its room. The caller holds the connection's lock.
func (c *Conn) withdraw(sub *subscription) {
	a := sub.attended
	if a == nil {
		return
	}
	sub.attended = nil
	if a.parts--; a.parts > 0 {
		return
	}
	delete(c.rooms, a.room.Key())
	c.owner.Abandon(feed.Key{Stream: a.room.Key().Stream + contract.CursorsPart, Topic: a.room.Key().Topic})
	c.conns.cfg.Rooms.Leave(a.room, c.stamp(), a.caller)
	c.unsubscribed(a.visit)
}
