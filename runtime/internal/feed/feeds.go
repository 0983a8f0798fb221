package feed

import (
	"container/list"
	"context"
	"crypto/rand"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
)

// Spec says how the feeds of an entry point behave.
type Spec struct {
	Rule     merge.Rule
	Keeps    bool          // the server keeps the value that results from the events
	Over     bool          // what is kept is shown over a first value that each subscriber gets
	Lasting  bool          // an event makes the feed if there is none
	Expire   time.Duration // the lifetime of an entry; 0: unlimited
	Replay   Replay
	Throttle time.Duration // the least time between two moments at which subscribers get events; 0: none
}

// kept reports whether the server keeps the value. For presence and cursors it always does.
func (s *Spec) kept() bool {
	return s.Keeps || s.Rule.Kind == merge.Presence || s.Rule.Kind == merge.Cursor
}

// Replay bounds the events that a returning client gets instead of the value. Zero values mean the bounds of the server.
type Replay struct {
	Count int           // the least number of events that are kept
	Age   time.Duration // how long they are kept while nobody is subscribed
}

// Key names a feed by its entry point and a topic. Topics are JSON arrays, so different arguments never have the same topic.
type Key struct{ Stream, Topic string }

// Config is what the feeds of a server have in common.
type Config struct {
	Context context.Context // ends with the server
	Bus     bus.Bus
	Hub     *topic.Hub
	Clock   clock.Clock
	Govern  *govern.Governor
	Changed func(stream string)            // called after each event of a stream, in any of its topics; must not block
	Report  func(stream string, err error) // called with errors that have no other receiver
}

// Feeds are the feeds of a server in memory: those with a holder, and those that linger without one.
type Feeds struct {
	cfg    Config
	pacer  pacer
	node   string // names this server on its bus
	owners atomic.Uint64

	memory *govern.Account // of feeds and of events that are held back

	mu     sync.Mutex
	open   map[Key]*Feed
	idle   list.List // the feeds in open without a holder; the first has been so for longest
	closed bool
}

// New makes the feeds of a server.
func New(cfg Config) *Feeds {
	s := &Feeds{cfg: cfg, node: rand.Text()[:10], open: map[Key]*Feed{}, memory: cfg.Govern.Account(limits.MaxTopicMemory)}
	s.memory.OnFull(s.endOldest)
	s.pacer.feeds, s.pacer.open = s, map[Key]*lanes{}
	return s
}

// Hold gives the feed with a key, and makes it if there is none. Release must be called in the end, for the same caller, which is named as
// in store.Turn; "" for the server. Hold fails with fault.Unavailable once the feeds are closed, and if the bus cannot be used; with the
// code OVERLOADED if the memory does not suffice for another feed, or if the caller has had its share.
func (s *Feeds) Hold(ctx context.Context, key Key, spec *Spec, caller string) (*Feed, error) {
	if s.get(key) == nil {
		if reached, ok := s.memory.FitsFor(caller, newFeedSize(key)); !ok {
			return nil, errorOf(reached)
		}
	}
	return s.hold(ctx, key, spec, caller)
}

// hold is Hold for an event that was accepted: there is always memory for it.
func (s *Feeds) hold(ctx context.Context, key Key, spec *Spec, caller string) (*Feed, error) {
	f := s.take(key, spec, caller)
	if f == nil {
		return nil, fault.Unavailable
	}
	if err := f.subscribe(ctx); err != nil {
		s.Release(f, caller)
		s.cfg.Report(key.Stream, err)
		return nil, fault.Unavailable
	}
	return f, nil
}

func (s *Feeds) take(key Key, spec *Spec, caller string) *Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	f := s.open[key]
	if f == nil {
		f = s.newFeed(key, spec, caller)
		s.open[key] = f
	} else {
		f.Attend(caller)
	}
	f.hold.Take()
	s.busy(f)
	return f
}

// busy takes a feed from the list of those without a holder. The caller holds the lock.
func (s *Feeds) busy(f *Feed) {
	if f.waiting != nil {
		s.idle.Remove(f.waiting)
		f.waiting = nil
	}
}

// Release ends a Hold of a caller.
func (s *Feeds) Release(f *Feed, caller string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Withdraw(caller)
	if !f.hold.Give() || s.closed {
		return
	}
	f.uncover()
	if s.idle.Len() >= s.cfg.Govern.Int(limits.MaxIdle) {
		s.cfg.Govern.Reached(limits.MaxIdle)
		s.end(f)
		return
	}
	f.waiting = s.idle.PushBack(f)
	s.linger(f)
}

// linger ends a feed without a holder after a while. The caller holds the lock.
func (s *Feeds) linger(f *Feed) {
	f.hold.Linger(s.cfg.Clock, max(s.cfg.Govern.Time(limits.Linger), f.spec.Replay.Age), &s.mu, func() {
		if f.spec.Expire > 0 && f.Len() > 0 {
			s.linger(f) // it ends after its entries have expired
			return
		}
		s.end(f)
	})
}

// The caller holds the lock.
func (s *Feeds) end(f *Feed) {
	f.hold.Stop()
	s.busy(f)
	f.close()
	delete(s.open, f.key)
}

// endOldest ends the feed that has been without a holder for longest, and reports whether there was one.
func (s *Feeds) endOldest() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := s.idle.Front()
	if oldest == nil || s.closed {
		return false
	}
	s.end(oldest.Value.(*Feed))
	return true
}

// get is the feed with a key, without holding it; nil if there is none.
func (s *Feeds) get(key Key) *Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[key]
}

// Len is the number of feeds in memory.
func (s *Feeds) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Open gives all feeds in memory, without holding them.
func (s *Feeds) Open() map[Key]*Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.open)
}

// Close ends all feeds and their timers, and drops the events that are held back.
func (s *Feeds) Close() {
	s.pacer.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, f := range s.open {
		f.hold.Stop()
		f.close()
	}
	clear(s.open)
	s.idle.Init()
}

func (s *Feeds) newFeed(key Key, spec *Spec, caller string) *Feed {
	f := &Feed{feeds: s, key: key, spec: spec, frame: s.memory.Holding(true), entries: s.memory.Holding(spec.Rule.Kind.Keyed())}
	f.frame.Hold(caller)
	f.entries.By(caller)
	if spec.Rule.Kind.Compacts() {
		f.topic = s.cfg.Hub.NewLatest(spec.Rule.Kind != merge.Set, spec.Throttle, s.cfg.Clock)
	} else {
		f.topic = s.cfg.Hub.NewLog(spec.Replay.Count)
	}
	if spec.kept() {
		f.state = merge.New(spec.Rule)
	}
	f.topic.Charge(f.entries)
	f.count()
	return f
}
