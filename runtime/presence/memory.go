package presence

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/linger"
)

// Memory is the Manager of a single server. Its methods call the handlers themselves, and return after them.
type Memory struct {
	clock  clock.Clock
	grace  time.Duration
	seed   maphash.Seed
	shards [16]shard // so that calls for different rooms seldom wait for each other
}

// shard is some of the rooms. Its lock guards them, and is held while handlers are called.
type shard struct {
	mu     sync.Mutex
	rooms  map[Room]*room // rooms with a member or a watcher
	closed bool
}

type room struct {
	members  map[string]*member
	watchers []*watcher
}

type watcher struct{ handle Handler }

type member struct {
	hold   linger.Hold // its holders are the connections
	server []byte      // the info that the server has set
	own    []byte      // the info that the user has set; nil without Override
}

var _ Manager = (*Memory)(nil)

// NewMemory makes the Manager of a single server. If grace is not positive, there is no grace time.
func NewMemory(c clock.Clock, grace time.Duration) *Memory {
	return &Memory{clock: c, grace: grace, seed: maphash.MakeSeed()}
}

// open locks the shard of a room.
func (m *Memory) open(ctx context.Context, r Room) (*shard, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &m.shards[maphash.Comparable(m.seed, r)%uint64(len(m.shards))]
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, ErrClosed
	}
	return s, nil
}

// room finds or makes a room.
func (s *shard) room(r Room) *room {
	in := s.rooms[r]
	if in == nil {
		in = &room{members: map[string]*member{}}
		if s.rooms == nil {
			s.rooms = map[Room]*room{}
		}
		s.rooms[r] = in
	}
	return in
}

// member finds a member, or returns nil.
func (s *shard) member(r Room, key string) (*room, *member) {
	in := s.rooms[r]
	if in == nil {
		return nil, nil
	}
	return in, in.members[key]
}

// sweep drops a room without members and watchers.
func (s *shard) sweep(r Room) {
	if in := s.rooms[r]; in != nil && len(in.members) == 0 && len(in.watchers) == 0 {
		delete(s.rooms, r)
	}
}

func (r *room) notify(kind ChangeKind, key string, info []byte) {
	for _, w := range r.watchers {
		w.handle(Change{kind, Member{key, info}})
	}
}

// Add is part of Manager.
func (m *Memory) Add(ctx context.Context, r Room, added Member) error {
	s, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	in := s.room(r)
	if old := in.members[added.Key]; old != nil {
		old.hold.Take()
		in.update(added.Key, old, added.Info)
		return nil
	}
	fresh := &member{server: added.Info}
	fresh.hold.Take()
	in.members[added.Key] = fresh
	in.notify(Joined, added.Key, added.Info)
	return nil
}

// Remove is part of Manager.
func (m *Memory) Remove(ctx context.Context, r Room, key string) error {
	s, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	in, of := s.member(r, key)
	if of == nil || of.hold.Holders() == 0 || !of.hold.Give() {
		return nil
	}
	leave := func() {
		delete(in.members, key)
		in.notify(Left, key, nil)
		s.sweep(r)
	}
	if m.grace <= 0 {
		leave()
		return nil
	}
	of.hold.Linger(m.clock, m.grace, &s.mu, leave)
	return nil
}

// Update is part of Manager.
func (m *Memory) Update(ctx context.Context, r Room, updated Member) error {
	s, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	if in, of := s.member(r, updated.Key); of != nil {
		in.update(updated.Key, of, updated.Info)
	}
	return nil
}

// update sets the server's info, which is shown unless the user has set an own one.
func (r *room) update(key string, of *member, info []byte) {
	changed := of.own == nil && !bytes.Equal(of.server, info)
	of.server = info
	if changed {
		r.notify(Updated, key, info)
	}
}

// Override is part of Manager.
func (m *Memory) Override(ctx context.Context, r Room, own Member) error {
	s, err := m.open(ctx, r)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	in, of := s.member(r, own.Key)
	if of == nil {
		return nil
	}
	changed := !bytes.Equal(of.info(), own.Info)
	of.own = own.Info
	if changed {
		in.notify(Updated, own.Key, own.Info)
	}
	return nil
}

func (m *member) info() []byte {
	if m.own != nil {
		return m.own
	}
	return m.server
}

// Watch is part of Manager.
func (m *Memory) Watch(ctx context.Context, r Room, h Handler) (func(), error) {
	s, err := m.open(ctx, r)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	in := s.room(r)
	for key, of := range in.members {
		h(Change{Joined, Member{key, of.info()}})
	}
	w := &watcher{h}
	in.watchers = append(in.watchers, w)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		in.watchers = slices.DeleteFunc(in.watchers, func(o *watcher) bool { return o == w })
		if s.rooms[r] == in {
			s.sweep(r)
		}
	}, nil
}

// Close is part of Manager.
func (m *Memory) Close() error {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		s.closed = true
		for _, in := range s.rooms {
			for _, of := range in.members {
				of.hold.Stop()
			}
		}
		s.rooms = nil
		s.mu.Unlock()
	}
	return nil
}
