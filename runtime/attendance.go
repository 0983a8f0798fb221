package runtime

import (
	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/room"
)

// attendance is a connection that is in a room. The connection's lock guards it.
type attendance struct {
	room  *room.State
	parts int    // its subscriptions to parts of the room
	args  any    // of the first of them
	visit *visit // nil until something is shown
}

// attend counts a subscription to a part of a room that is about to be shown. It needs the connection's lock.
func (c *conn) attend(sub *subscription) {
	e := sub.entry.room
	if e == nil || sub.attended != nil {
		return
	}
	id := feed.Key{Stream: e.spec.Name, Topic: sub.place.room}
	a := c.rooms[id]
	if a == nil {
		r, err := c.server.rooms.Enter(&e.spec, sub.place.room, c.stamp(), sub.place.presence)
		if err != nil {
			return // the server is stopping, or the error is reported
		}
		a = &attendance{room: r, args: sub.args}
		if c.rooms == nil {
			c.rooms = map[feed.Key]*attendance{}
		}
		c.rooms[id] = a
	} else {
		c.server.rooms.Update(a.room, c.stamp(), sub.place.presence)
	}
	a.parts++
	sub.attended = a
}

// withdraw takes a subscription back from its room. It needs the connection's lock.
func (c *conn) withdraw(sub *subscription) {
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
	c.server.rooms.Leave(a.room, c.stamp())
	c.went(a.visit)
}
