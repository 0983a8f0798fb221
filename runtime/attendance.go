package runtime

import (
	"sync"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/presence"
)

// hall is one room that somebody is in: its members, and the feed that shows them.
type hall struct {
	key     feed.Key
	members *presence.Members
	feed    *feed.Feed // of the presence; nil where the room has none
	conns   int        // that are in the room; guarded by halls.mu
}

// halls are the rooms of a server that somebody is in, or was in a grace time ago.
type halls struct {
	server *Server
	mu     sync.Mutex
	open   map[feed.Key]*hall
	closed bool
}

// attendance is a connection that is in a room. The connection's lock guards it.
type attendance struct {
	hall  *hall
	parts int    // its subscriptions to parts of the room
	args  any    // of the first of them
	visit *visit // nil until something is shown
}

// enter brings a connection into a room.
func (s *halls) enter(e *roomEntry, topic, key string, entry []byte) *hall {
	id := feed.Key{Stream: e.name, Topic: topic}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	h := s.open[id]
	if h == nil {
		h = &hall{key: id}
		if e.presence {
			var err error
			h.feed, err = s.server.feeds.Hold(s.server.ctx, feed.Key{Stream: e.name + contract.PresencePart, Topic: topic}, s.server.streams[e.name+contract.PresencePart].feed)
			if err != nil {
				return nil
			}
		}
		h.members = presence.New(s.server.opt.Clock, s.server.opt.Grace,
			func(key string, entry []byte) { h.tell(merge.Join, stamped(entryKeyMember, key, entry)) },
			func(key string) {
				h.tell(merge.Leave, stamped(entryKeyMember, key, nil))
				s.server.spawn(func() { s.sweep(h) }) // the members are locked here
			})
		s.open[id] = h
	}
	h.conns++
	h.members.Enter(key, entry)
	return h
}

func (h *hall) tell(name string, entry []byte) {
	if h.feed != nil {
		_ = h.feed.Apply(feed.Event{Name: name, Data: entry}) // entries have keys
	}
}

// leave takes a connection out again.
func (s *halls) leave(h *hall, key string) {
	s.mu.Lock()
	h.conns--
	s.mu.Unlock()
	h.members.Leave(key)
	s.sweep(h)
}

// sweep forgets a room that nobody is in.
func (s *halls) sweep(h *hall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[h.key] != h || h.conns > 0 || h.members.Len() > 0 || s.closed {
		return
	}
	delete(s.open, h.key)
	h.members.Close()
	if h.feed != nil {
		s.server.feeds.Release(h.feed)
	}
}

// len is how many rooms there are.
func (s *halls) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *halls) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, h := range s.open {
		h.members.Close()
	}
	clear(s.open)
}

// attend counts a subscription to a part of a room that is about to be shown. It needs the connection's lock.
func (c *conn) attend(sub *subscription) {
	e := sub.entry.room
	if e == nil || sub.attended != nil {
		return
	}
	id := feed.Key{Stream: e.name, Topic: sub.place.hall}
	a := c.rooms[id]
	if a == nil {
		h := c.server.halls.enter(e, sub.place.hall, c.stamp(), sub.place.presence)
		if h == nil {
			return // the server is stopping
		}
		a = &attendance{hall: h, args: sub.args}
		if c.rooms == nil {
			c.rooms = map[feed.Key]*attendance{}
		}
		c.rooms[id] = a
	} else {
		a.hall.members.Set(c.stamp(), sub.place.presence)
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
	delete(c.rooms, a.hall.key)
	c.owner.Abandon(feed.Key{Stream: a.hall.key.Stream + contract.CursorsPart, Topic: a.hall.key.Topic})
	c.server.halls.leave(a.hall, c.stamp())
	c.went(a.visit)
}
