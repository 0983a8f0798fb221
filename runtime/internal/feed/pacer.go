package feed

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/merge"
)

// Pace spreads the events of a publish statement over time. It applies to the events of one topic, event name and key together; if there is
// no key, to those of one caller. At most one field is set.
type Pace struct {
	Throttle time.Duration // the first is sent at once, then at most one in this time; the last is always sent
	Debounce time.Duration // the last is sent after this time without another
}

// pacer holds back the events of publish statements that are throttled or debounced. Events of one lane never overtake each other: an event
// that is held back is sent before another one of its lane. A lane is a topic, and a key or a caller.
type pacer struct {
	feeds  *Feeds
	used   atomic.Int32 // number of lanes
	mu     sync.Mutex
	lanes  map[laneKey]map[string]*paced // by event name
	closed bool
}

type laneKey struct {
	feed Key
	by   string // a key or a caller
}

// paced is an event that was sent recently, or is held back.
type paced struct {
	held  *Publication // nil if none is held back
	timer linger.Timer
}

func (p *pacer) publish(e *Publication, pace Pace, caller string) error {
	if pace == (Pace{}) && p.used.Load() == 0 {
		return p.feeds.deliver(e)
	}
	rule := &e.Spec.Rule
	by := "c" + caller
	if rule.Kind.Keyed() && e.Name != merge.SetAll {
		key, err := rule.KeyOf(e.Data)
		if err != nil {
			return err
		}
		by = "k" + key
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	key := laneKey{e.Key, by}
	for name, other := range p.lanes[key] {
		if other.held != nil && (name != e.Name || pace == (Pace{})) {
			p.flush(other)
		}
	}
	if pace == (Pace{}) {
		return p.feeds.deliver(e)
	}
	own, known := p.lanes[key][e.Name]
	if !known {
		own = p.add(key, e.Name)
	}
	if pace.Throttle > 0 {
		if known {
			own.held = e
			return nil
		}
		p.throttle(key, e.Name, own, pace.Throttle)
		return p.feeds.deliver(e)
	}
	own.held = e
	own.timer.Set(p.feeds.cfg.Clock, pace.Debounce, &p.mu, func() {
		p.flush(own)
		p.forget(key, e.Name)
	})
	return nil
}

func (p *pacer) add(key laneKey, name string) *paced {
	lane := p.lanes[key]
	if lane == nil {
		lane = map[string]*paced{}
		p.lanes[key] = lane
		p.used.Add(1)
	}
	own := &paced{}
	lane[name] = own
	return own
}

// throttle sends what is published meanwhile after a while. The caller holds the lock.
func (p *pacer) throttle(key laneKey, name string, own *paced, wait time.Duration) {
	own.timer.Set(p.feeds.cfg.Clock, wait, &p.mu, func() {
		if own.held == nil {
			p.forget(key, name)
			return
		}
		p.flush(own)
		p.throttle(key, name, own, wait) // the next one is throttled too
	})
}

// The caller holds the lock.
func (p *pacer) forget(key laneKey, name string) {
	lane := p.lanes[key]
	if delete(lane, name); len(lane) == 0 {
		delete(p.lanes, key)
		p.used.Add(-1)
	}
}

// flush sends the event that is held back, if there is one. The caller holds the lock.
func (p *pacer) flush(own *paced) {
	e := own.held
	if e == nil {
		return
	}
	own.held = nil
	if err := p.feeds.deliver(e); err != nil {
		p.feeds.cfg.Report(e.Key.Stream, err) // there is no other receiver
	}
}

// close drops what is held back.
func (p *pacer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, lane := range p.lanes {
		for _, own := range lane {
			own.timer.Stop()
		}
	}
	clear(p.lanes)
}
