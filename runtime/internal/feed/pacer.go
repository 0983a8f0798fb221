package feed

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/merge"
)

// Pace spreads the events of a publish statement over time, for each topic, event and key, and for each caller where there is no key. At
// most one field is set.
type Pace struct {
	Throttle time.Duration // the first leaves at once, then at most one in this time; the last always leaves
	Debounce time.Duration // the last leaves after this time without another
}

// pacer holds back events of publish statements that are throttled or debounced. Events of one lane, which is a topic and a key or a
// caller, never overtake each other: one that is held leaves early when another one of its lane does.
type pacer struct {
	feeds  *Feeds
	used   atomic.Int32 // lanes
	mu     sync.Mutex
	lanes  map[laneKey]map[string]*paced // by event
	closed bool
}

type laneKey struct {
	feed Key
	by   string // a key or a caller
}

// paced is an event that was sent lately, or waits.
type paced struct {
	held  *Publication // nil if none waits
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

// throttle lets what comes meanwhile leave after a while. It needs the lock.
func (p *pacer) throttle(key laneKey, name string, own *paced, wait time.Duration) {
	own.timer.Set(p.feeds.cfg.Clock, wait, &p.mu, func() {
		if own.held == nil {
			p.forget(key, name)
			return
		}
		p.flush(own)
		p.throttle(key, name, own, wait) // the next one keeps its distance from this one too
	})
}

// forget needs the lock.
func (p *pacer) forget(key laneKey, name string) {
	lane := p.lanes[key]
	if delete(lane, name); len(lane) == 0 {
		delete(p.lanes, key)
		p.used.Add(-1)
	}
}

// flush delivers an event that waits, if there is one. It needs the lock.
func (p *pacer) flush(own *paced) {
	e := own.held
	if e == nil {
		return
	}
	own.held = nil
	if err := p.feeds.deliver(e); err != nil {
		p.feeds.cfg.Report(e.Key.Stream, err) // nobody waits for it
	}
}

// close drops what is held.
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
