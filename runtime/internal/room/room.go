// Package room keeps the rooms that have connections of this server, with the feed that shows the members. Package presence knows the
// members on all servers.
package room

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/presence"
)

// presenceWait bounds how long one call of presence may take.
const presenceWait = 5 * time.Second

// Spec describes a room.
type Spec struct {
	Name     string     // module/room
	Presence *feed.Spec // of the feed that shows the members; nil if the room has none
}

// Config is what the rooms of a server have in common.
type Config struct {
	Context  context.Context // ends with the server
	Feeds    *feed.Feeds
	Presence presence.Manager
	Spawn    func(fn func())              // runs fn on a goroutine that ends before the server
	Report   func(room string, err error) // called with errors that have no other receiver
}

// Rooms are the rooms of a server that have members, or had some within the grace time.
type Rooms struct {
	cfg    Config
	mu     sync.Mutex
	open   map[feed.Key]*State
	closed bool
}

// State is one room.
type State struct {
	key   feed.Key
	conns int // connections in the room; guarded by Rooms.mu

	mu      sync.Mutex // held while begin runs
	begun   bool
	feed    *feed.Feed // of the presence; nil if the room has none
	members atomic.Int64
	unwatch func()
}

// New makes the rooms of a server.
func New(cfg Config) *Rooms { return &Rooms{cfg: cfg, open: map[feed.Key]*State{}} }

// Key names the room by its entry point and its arguments as a JSON array.
func (r *State) Key() feed.Key { return r.key }

// Enter adds a connection to a room, for the member with a key. info is what the server shows of the member. Leave removes the connection
// again. The memory of the room counts for the caller, if for nobody else; see store.Turn.
func (s *Rooms) Enter(spec *Spec, topic, key string, info []byte, caller string) (*State, error) {
	r := s.take(feed.Key{Stream: spec.Name, Topic: topic})
	if r == nil {
		return nil, fault.Unavailable
	}
	err := s.begin(r, spec)
	if err == nil {
		err = s.call(r, func(ctx context.Context, in presence.Room) error {
			return s.cfg.Presence.Add(ctx, in, presence.Member{Key: key, Info: info})
		})
	}
	if err != nil {
		s.discount(r)
		return nil, err
	}
	if r.feed != nil {
		r.feed.Attend(caller)
	}
	return r, nil
}

// take counts a connection in a room. It returns nil once the rooms are closed.
func (s *Rooms) take(key feed.Key) *State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	r := s.open[key]
	if r == nil {
		r = &State{key: key}
		s.open[key] = r
	}
	r.conns++
	return r
}

// begin watches the members of a room, when the first connection enters.
func (s *Rooms) begin(r *State, spec *Spec) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun {
		return nil
	}
	if spec.Presence != nil && r.feed == nil {
		part := feed.Key{Stream: spec.Name + contract.PresencePart, Topic: r.key.Topic}
		var err error
		if r.feed, err = s.cfg.Feeds.Hold(s.cfg.Context, part, spec.Presence, ""); err != nil {
			return err
		}
	}
	err := s.call(r, func(ctx context.Context, in presence.Room) (err error) {
		r.unwatch, err = s.cfg.Presence.Watch(ctx, in, func(c presence.Change) { s.changed(r, c) })
		return err
	})
	r.begun = err == nil
	return err
}

// changed applies a change of the members of a room to its feed.
func (s *Rooms) changed(r *State, c presence.Change) {
	name := merge.Join
	switch c.Kind {
	case presence.Joined:
		r.members.Add(1)
	case presence.Updated:
	case presence.Left:
		name = merge.Leave
		r.members.Add(-1)
	default:
		panic(fmt.Sprintf("no rule for the change %d of a room", c.Kind))
	}
	if r.feed != nil {
		if err := r.feed.Apply(feed.Event{Name: name, Data: feed.Stamped(c.Key, c.Info)}); err != nil {
			s.cfg.Report(r.key.Stream, err)
		}
	}
	if c.Kind == presence.Left {
		s.cfg.Spawn(func() { s.sweep(r) }) // a handler must not block
	}
}

// call calls the presence manager for a room, and reports its error.
func (s *Rooms) call(r *State, fn func(context.Context, presence.Room) error) error {
	ctx, cancel := context.WithTimeout(s.cfg.Context, presenceWait)
	defer cancel()
	err := fn(ctx, presence.Room{Kind: r.key.Stream, Key: r.key.Topic})
	if err != nil && s.cfg.Context.Err() == nil {
		s.cfg.Report(r.key.Stream, err)
	}
	return err
}

// Update sets what the server shows of a member.
func (s *Rooms) Update(r *State, key string, info []byte) {
	_ = s.call(r, func(ctx context.Context, in presence.Room) error {
		return s.cfg.Presence.Update(ctx, in, presence.Member{Key: key, Info: info})
	}) // the error is reported
}

// Override sets what a member shows of itself, instead of what the server shows.
func (s *Rooms) Override(r *State, key string, info []byte) error {
	return s.call(r, func(ctx context.Context, in presence.Room) error {
		return s.cfg.Presence.Override(ctx, in, presence.Member{Key: key, Info: info})
	})
}

// Leave removes a connection that has entered a room with this key, for this caller.
func (s *Rooms) Leave(r *State, key, caller string) {
	_ = s.call(r, func(ctx context.Context, in presence.Room) error { return s.cfg.Presence.Remove(ctx, in, key) }) // the error is reported
	if r.feed != nil {
		r.feed.Withdraw(caller)
	}
	s.discount(r)
}

// discount removes a connection from the count of a room.
func (s *Rooms) discount(r *State) {
	s.mu.Lock()
	r.conns--
	s.mu.Unlock()
	s.sweep(r)
}

// sweep drops a room that has no members.
func (s *Rooms) sweep(r *State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[r.key] != r || r.conns > 0 || r.members.Load() > 0 || s.closed {
		return
	}
	delete(s.open, r.key)
	if r.unwatch != nil {
		r.unwatch()
	}
	if r.feed != nil {
		s.cfg.Feeds.Release(r.feed, "")
	}
}

// Len is the number of rooms in memory.
func (s *Rooms) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Info describes a room at one moment.
type Info struct {
	Key         feed.Key
	Connections int    // of this server
	Members     []byte // as JSON; nil if the room has no presence
}

// Open describes all rooms in memory.
func (s *Rooms) Open() []Info {
	s.mu.Lock()
	open := make(map[*State]int, len(s.open))
	for _, r := range s.open {
		open[r] = r.conns
	}
	s.mu.Unlock()
	var all []Info
	for r, conns := range open {
		info := Info{Key: r.key, Connections: conns}
		if members := r.shown(); members != nil {
			info.Members, _ = members.Value(nil)
		}
		all = append(all, info)
	}
	return all
}

// shown is the feed of the members; nil if there is none.
func (r *State) shown() *feed.Feed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.feed
}

// Close ends all rooms. Presence is closed after it.
func (s *Rooms) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	clear(s.open)
}
