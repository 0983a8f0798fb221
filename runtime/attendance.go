package runtime

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/presence"
)

// presenceWait bounds how long presence may take over one call.
const presenceWait = 5 * time.Second

// hall is one room that somebody is in, and the feed that shows its members.
type hall struct {
	key   feed.Key
	conns int // that are in the room; guarded by halls.mu

	mu      sync.Mutex // held while begin runs
	begun   bool
	feed    *feed.Feed // of the presence; nil where the room has none
	members atomic.Int64
	unwatch func()
}

// halls are the rooms of a server that somebody is in, or was in a grace time ago.
type halls struct {
	server   *Server
	presence presence.Manager
	mu       sync.Mutex
	open     map[feed.Key]*hall
	closed   bool
}

// attendance is a connection that is in a room. The connection's lock guards it.
type attendance struct {
	hall  *hall
	parts int    // its subscriptions to parts of the room
	args  any    // of the first of them
	visit *visit // nil until something is shown
}

// enter brings a connection into a room. It returns nil if that fails.
func (s *halls) enter(e *roomEntry, topic, key string, info []byte) *hall {
	id := feed.Key{Stream: e.name, Topic: topic}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	h := s.open[id]
	if h == nil {
		h = &hall{key: id}
		s.open[id] = h
	}
	h.conns++
	s.mu.Unlock()
	err := s.begin(h, e)
	if err == nil {
		err = s.call(h, func(ctx context.Context, r presence.Room) error {
			return s.presence.Add(ctx, r, presence.Member{Key: key, Info: info})
		})
	}
	if err != nil {
		s.discount(h)
		return nil
	}
	return h
}

// begin watches the members of a room, the first time.
func (s *halls) begin(h *hall, e *roomEntry) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.begun {
		return nil
	}
	if e.presence && h.feed == nil {
		part := feed.Key{Stream: e.name + contract.PresencePart, Topic: h.key.Topic}
		var err error
		if h.feed, err = s.server.feeds.Hold(s.server.ctx, part, s.server.streams[part.Stream].feed); err != nil {
			return err
		}
	}
	err := s.call(h, func(ctx context.Context, r presence.Room) (err error) {
		h.unwatch, err = s.presence.Watch(ctx, r, func(c presence.Change) { s.changed(h, c) })
		return err
	})
	h.begun = err == nil
	return err
}

// shown is the feed of the members; nil where there is none.
func (h *hall) shown() *feed.Feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.feed
}

// changed takes a change of the members of a room into its feed.
func (s *halls) changed(h *hall, c presence.Change) {
	name := merge.Join
	switch c.Kind {
	case presence.Joined:
		h.members.Add(1)
	case presence.Updated:
	case presence.Left:
		name = merge.Leave
		h.members.Add(-1)
	default:
		panic(fmt.Sprintf("no rule for the change %d of a room", c.Kind))
	}
	if h.feed != nil {
		_ = h.feed.Apply(feed.Event{Name: name, Data: stamped(entryKeyMember, c.Key, c.Info)}) // it has a key, so there is no error
	}
	if c.Kind == presence.Left {
		s.server.spawn(func() { s.sweep(h) }) // a handler must not wait
	}
}

// call calls the presence manager about a room, and reports its error.
func (s *halls) call(h *hall, fn func(context.Context, presence.Room) error) error {
	ctx, cancel := context.WithTimeout(s.server.ctx, presenceWait)
	defer cancel()
	err := fn(ctx, presence.Room{Kind: h.key.Stream, Key: h.key.Topic})
	if err != nil && s.server.ctx.Err() == nil {
		_ = s.server.faults.Report(s.server.ctx, h.key.Stream, err) // passed to the error hook
	}
	return err
}

// update sets what the server shows of a member.
func (s *halls) update(h *hall, key string, info []byte) {
	_ = s.call(h, func(ctx context.Context, r presence.Room) error {
		return s.presence.Update(ctx, r, presence.Member{Key: key, Info: info})
	}) // reported
}

// override sets what a member shows of itself.
func (s *halls) override(h *hall, key string, info []byte) error {
	return s.call(h, func(ctx context.Context, r presence.Room) error {
		return s.presence.Override(ctx, r, presence.Member{Key: key, Info: info})
	})
}

// leave takes a connection out again.
func (s *halls) leave(h *hall, key string) {
	_ = s.call(h, func(ctx context.Context, r presence.Room) error { return s.presence.Remove(ctx, r, key) }) // reported
	s.discount(h)
}

// discount counts a connection less in a room.
func (s *halls) discount(h *hall) {
	s.mu.Lock()
	h.conns--
	s.mu.Unlock()
	s.sweep(h)
}

// sweep forgets a room that nobody is in.
func (s *halls) sweep(h *hall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[h.key] != h || h.conns > 0 || h.members.Load() > 0 || s.closed {
		return
	}
	delete(s.open, h.key)
	if h.unwatch != nil {
		h.unwatch()
	}
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
	clear(s.open)
	_ = s.presence.Close() // the server ends, and there is nobody to report it to
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
		c.server.halls.update(a.hall, c.stamp(), sub.place.presence)
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
