// Package derive keeps the values of derived streams. A value is computed once for all who share its topic, and again when what it was
// computed from changes.
package derive

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/topic"
)

// Spec says when the values of a derived stream are computed again.
type Spec struct {
	Debounce time.Duration // computes after this time without a change; 0: at once

	// Tables and Streams are the sources that the app names. If there are none, the sources are what Compute has read.
	Tables  []*relation.Table
	Streams []string // with all their topics
}

func (s *Spec) named() bool { return len(s.Tables)+len(s.Streams) > 0 }

// By says for whom a value is computed.
type By struct {
	Turn string // of a caller who waits for it; see store.Turn
	Own  bool   // the server computes it, since its sources have changed: that must not be refused
}

// Compute computes a value. If again is not nil, Compute calls it, until Computed.Cancel, for each commit that may change what it has read.
// If again is nil, nothing is watched.
type Compute func(ctx context.Context, by By, again func()) (Computed, error)

// Computed is the result of a Compute.
type Computed struct {
	Value  []byte // as JSON
	Seq    uint64 // the last commit that it has seen; 0 if it has read nothing
	Cancel func() // nil if nothing is watched
}

// Config is what the values of a server have in common.
type Config struct {
	Context context.Context // ends with the server
	Bus     bus.Bus
	Hub     *topic.Hub
	Clock   clock.Clock
	Govern  *govern.Governor

	Watch   func(tables []*relation.Table, again func()) (cancel func()) // calls again for each commit that may change the tables
	Spawn   func(fn func())                                              // runs fn on a goroutine that ends before the server
	Report  func(stream string, err error)                               // called with errors that have no other receiver
	Delayed func(stream string, err error)                               // called with errors after which the same is tried again
}

// Values are the values of derived streams in memory: those with a holder, and those that linger without one.
type Values struct {
	cfg         Config
	followed    map[string]bool // streams that derived streams name as sources
	unsubscribe []func()
	memory      *govern.Account
	due         *due

	mu     sync.Mutex
	open   map[feed.Key]*Value
	idle   list.List                      // the values in open without a holder; the first has been so for longest
	on     map[string]map[*Value]struct{} // by the streams that are their sources
	closed bool
}

// subscribeWait bounds how long the start of a server waits for the bus.
const subscribeWait = 10 * time.Second

// New makes the values of a server. streams are all that its derived streams name as sources: the server subscribes to their events, also
// to those that other servers publish.
func New(cfg Config, streams []string) (*Values, error) {
	s := &Values{
		cfg: cfg, followed: map[string]bool{}, open: map[feed.Key]*Value{}, on: map[string]map[*Value]struct{}{},
		memory: cfg.Govern.Account(limits.MaxTopicMemory),
		due:    newDue(cfg.Spawn, cfg.Govern.Int(limits.Readers)),
	}
	s.memory.OnFull(s.endOldest)
	ctx, cancel := context.WithTimeout(cfg.Context, subscribeWait)
	defer cancel()
	for _, stream := range streams {
		if s.followed[stream] {
			continue
		}
		s.followed[stream] = true
		unsubscribe, err := cfg.Bus.Subscribe(ctx, changes(stream), func(bus.Message) { s.touch(stream) })
		if err != nil {
			s.Close()
			return nil, err
		}
		s.unsubscribe = append(s.unsubscribe, unsubscribe)
	}
	return s, nil
}

func changes(stream string) bus.Channel { return bus.Channel{Kind: "changed", Key: stream} }

// Changed reports an event of a stream, in any of its topics. It does not block. If the bus fails, only the values of this server follow.
func (s *Values) Changed(stream string) {
	if !s.followed[stream] {
		return
	}
	if err := s.cfg.Bus.Publish(s.cfg.Context, changes(stream), bus.Message{}); err != nil {
		s.cfg.Report(stream, err)
		s.touch(stream)
	}
}

// touch schedules the computation of all values that have a stream as a source.
func (s *Values) touch(stream string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for v := range s.on[stream] {
		v.touch()
	}
}

// Open gives the value with a key, and computes it in the turn of the caller if there is none. Release must be called in the end. It fails
// with the code OVERLOADED if the memory does not suffice for another value. Its memory counts for the caller, if nobody else holds it; see
// store.Turn.
func (s *Values) Open(ctx context.Context, key feed.Key, spec *Spec, compute Compute, caller string) (*Value, error) {
	if s.get(key) == nil {
		if reached, ok := s.memory.FitsFor(caller, newValueSize(key)); !ok {
			return nil, fault.NoMemory(reached, "This caller", "derived streams")
		}
	}
	v := s.hold(key, spec, compute, caller)
	if v == nil {
		return nil, fault.Unavailable
	}
	if err := v.ready(ctx, caller); err != nil {
		v.Release(caller)
		return nil, err
	}
	return v, nil
}

func (s *Values) hold(key feed.Key, spec *Spec, compute Compute, caller string) *Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	v := s.open[key]
	if v == nil {
		v = &Value{values: s, key: key, spec: spec, source: compute, topic: s.cfg.Hub.NewLatest(false, 0, s.cfg.Clock)}
		v.holding = s.memory.Holding(true)
		v.topic.Charge(v.holding)
		v.count()
		s.open[key] = v
		for _, name := range spec.Streams {
			if s.on[name] == nil {
				s.on[name] = map[*Value]struct{}{}
			}
			s.on[name][v] = struct{}{}
		}
	}
	v.holding.Hold(caller)
	v.hold.Take()
	s.busy(v)
	return v
}

// get is the value with a key, without holding it; nil if there is none.
func (s *Values) get(key feed.Key) *Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[key]
}

// busy takes a value from the list of those without a holder. The caller holds the lock.
func (s *Values) busy(v *Value) {
	if v.waiting != nil {
		s.idle.Remove(v.waiting)
		v.waiting = nil
	}
}

// Release ends an Open for a caller.
func (v *Value) Release(caller string) {
	s := v.values
	s.mu.Lock()
	defer s.mu.Unlock()
	v.holding.Release(caller)
	if !v.hold.Give() || s.closed {
		return
	}
	if s.idle.Len() >= s.cfg.Govern.Int(limits.MaxIdle) {
		s.cfg.Govern.Reached(limits.MaxIdle)
		s.end(v)
		return
	}
	v.waiting = s.idle.PushBack(v)
	v.hold.Linger(s.cfg.Clock, s.cfg.Govern.Time(limits.Linger), &s.mu, func() { s.end(v) })
}

// The caller holds the lock.
func (s *Values) end(v *Value) {
	v.hold.Stop()
	s.busy(v)
	v.close()
	delete(s.open, v.key)
	for _, name := range v.spec.Streams {
		if delete(s.on[name], v); len(s.on[name]) == 0 {
			delete(s.on, name)
		}
	}
}

// endOldest ends the value that has been without a holder for longest, and reports whether there was one.
func (s *Values) endOldest() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := s.idle.Front()
	if oldest == nil || s.closed {
		return false
	}
	s.end(oldest.Value.(*Value))
	return true
}

// Len is the number of values in memory.
func (s *Values) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close ends all values and their timers.
func (s *Values) Close() {
	for _, unsubscribe := range s.unsubscribe {
		unsubscribe()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, v := range s.open {
		v.hold.Stop()
		v.close()
	}
	clear(s.open)
	clear(s.on)
	s.idle.Init()
}
