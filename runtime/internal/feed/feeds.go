package feed

import (
	"context"
	"crypto/rand"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
)

// Bounds of what is kept in memory.
const (
	maxEntries   = 1 << 16  // of a feed; the oldest go
	maxFeedBytes = 16 << 20 // of the entries of a feed; the oldest go, but not the last
	maxIdle      = 4096     // feeds that nobody holds; one that comes on top ends at once
)

// Spec says how the feeds of an entry point behave.
type Spec struct {
	Rule     merge.Rule
	Keeps    bool          // the server keeps the value: it is what was published
	Lasting  bool          // an event makes the feed where there is none
	Expire   time.Duration // how long an entry lives; 0 is for ever
	Replay   Replay
	Throttle time.Duration // the least time between two moments at which followers get events; 0 is none
}

// kept tells whether the server keeps the value. Presence and cursors have no other.
func (s *Spec) kept() bool {
	return s.Keeps || s.Rule.Kind == merge.Presence || s.Rule.Kind == merge.Cursor
}

// Replay bounds the events that a returning client gets instead of the value. Zero values mean the server's own bounds.
type Replay struct {
	Count int           // events that are kept at least
	Age   time.Duration // how long they are kept when nobody subscribes
}

// Key names a feed: the entry point, and a topic of it. Topics are JSON arrays, so no two can be confused, however their arguments look.
type Key struct{ Stream, Topic string }

// Config is what the feeds of a server have in common.
type Config struct {
	Context context.Context // ends with the server
	Bus     bus.Bus
	Hub     *topic.Hub
	Clock   clock.Clock
	Linger  time.Duration                  // how long a feed outlives its last holder
	Changed func(stream string)            // called after each event of a stream, in any of its topics; must not block
	Report  func(stream string, err error) // called with errors that nobody waits for
}

// Feeds are the feeds of a server that somebody holds, and those that nobody holds for a while.
type Feeds struct {
	cfg    Config
	pacer  pacer
	node   string // names this server among those of its bus
	owners atomic.Uint64

	mu     sync.Mutex
	open   map[Key]*Feed
	idle   int // of open: those that nobody holds
	closed bool
}

// New makes the feeds of a server.
func New(cfg Config) *Feeds {
	s := &Feeds{cfg: cfg, node: rand.Text()[:10], open: map[Key]*Feed{}}
	s.pacer.feeds, s.pacer.lanes = s, map[laneKey]map[string]*paced{}
	return s
}

// Hold gives the feed with a key, and makes it where there is none. Release gives it back. It fails with fault.Unavailable once the feeds
// are closed, and where the bus cannot be used.
func (s *Feeds) Hold(ctx context.Context, key Key, spec *Spec) (*Feed, error) {
	f := s.take(key, spec)
	if f == nil {
		return nil, fault.Unavailable
	}
	if err := f.subscribe(ctx); err != nil {
		s.Release(f)
		s.cfg.Report(key.Stream, err)
		return nil, fault.Unavailable
	}
	return f, nil
}

func (s *Feeds) take(key Key, spec *Spec) *Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	f := s.open[key]
	if f == nil {
		f = s.newFeed(key, spec)
		s.open[key] = f
		s.idle++
	}
	if f.hold.Take() {
		s.idle--
	}
	return f
}

// Release ends a Hold.
func (s *Feeds) Release(f *Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !f.hold.Give() || s.closed {
		return
	}
	if s.idle++; s.idle > maxIdle {
		s.end(f)
		return
	}
	s.linger(f)
}

// linger ends a feed that nobody holds, after a while. It needs the lock.
func (s *Feeds) linger(f *Feed) {
	f.hold.Linger(s.cfg.Clock, max(s.cfg.Linger, f.spec.Replay.Age), &s.mu, func() {
		if f.spec.Expire > 0 && f.Len() > 0 {
			s.linger(f) // its entries end by themselves
			return
		}
		s.end(f)
	})
}

// end needs the lock.
func (s *Feeds) end(f *Feed) {
	f.close()
	delete(s.open, f.key)
	s.idle--
}

// Len is how many feeds there are.
func (s *Feeds) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Open gives all feeds there are, without holding them.
func (s *Feeds) Open() map[Key]*Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.open)
}

// Close ends all feeds and their timers, and drops the events that wait.
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
}

func (s *Feeds) newFeed(key Key, spec *Spec) *Feed {
	f := &Feed{feeds: s, key: key, spec: spec}
	if spec.Rule.Kind.Compacts() {
		f.topic = s.cfg.Hub.NewLatest(spec.Rule.Kind != merge.Set, spec.Throttle, s.cfg.Clock)
	} else {
		f.topic = s.cfg.Hub.NewLog(spec.Replay.Count)
	}
	if spec.kept() {
		f.state = merge.New(spec.Rule)
	}
	return f
}
