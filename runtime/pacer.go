package runtime

import (
	"sync"
	"sync/atomic"
	"time"
)

// pacer holds back events of publish statements that are throttled or debounced. Events of one lane, a topic and a key or a caller, never overtake each other: one that is held leaves early when another one
// of its lane does.
type pacer struct {
	server *Server
	used   atomic.Int32 // lanes
	mu     sync.Mutex
	lanes  map[laneKey]map[string]*paced // by event
	closed bool
}

type laneKey struct {
	feed feedKey
	who  string
}

// paced is an event that was sent lately, or waits.
type paced struct {
	held  *event // nil if none waits
	stop  func() bool
	armed int // times a timer was set
}

// event is one event on its way to its feed.
type event struct {
	stream *streamEntry
	topic  string
	name   string
	data   []byte
	commit uint64
	by     *conn // that published it; nil for none
}

// publish sends an event, now or later. caller names who publishes, where the event has no key.
func (p *pacer) publish(e *event, pace Pace, caller string) error {
	if pace == (Pace{}) && p.used.Load() == 0 {
		return p.server.deliver(e)
	}
	rule := &e.stream.feeding.rule
	who := "c" + caller
	if rule.Kind.Keyed() && e.name != "set" {
		key, err := rule.KeyOf(e.data)
		if err != nil {
			return err
		}
		who = "k" + key
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	key := laneKey{feedKey{e.stream.name, e.topic}, who}
	for name, other := range p.lanes[key] {
		if other.held != nil && (name != e.name || pace == (Pace{})) {
			held := other.held
			other.held = nil
			p.send(held)
		}
	}
	if pace == (Pace{}) {
		return p.server.deliver(e)
	}
	lane := p.lanes[key]
	if lane == nil {
		lane = map[string]*paced{}
		p.lanes[key] = lane
		p.used.Add(1)
	}
	own := lane[e.name]
	fresh := own == nil
	if fresh {
		own = &paced{}
		lane[e.name] = own
	}
	if pace.Throttle > 0 {
		if !fresh {
			own.held = e
			return nil
		}
		p.arm(key, e.name, own, pace.Throttle, true)
		return p.server.deliver(e)
	}
	own.held = e
	if own.stop != nil {
		own.stop()
	}
	p.arm(key, e.name, own, pace.Debounce, false)
	return nil
}

// arm sets the timer of an event. It needs the lock.
func (p *pacer) arm(key laneKey, name string, own *paced, wait time.Duration, again bool) {
	own.armed++
	armed := own.armed
	own.stop = p.server.opt.Clock.AfterFunc(wait, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.closed || own.armed != armed {
			return
		}
		if held := own.held; held != nil {
			own.held = nil
			p.send(held)
			if again {
				p.arm(key, name, own, wait, true) // the next one keeps its distance from this one too
				return
			}
		}
		lane := p.lanes[key]
		if delete(lane, name); len(lane) == 0 {
			delete(p.lanes, key)
			p.used.Add(-1)
		}
	})
}

// send delivers an event that nobody waits for.
func (p *pacer) send(e *event) {
	if err := p.server.deliver(e); err != nil {
		_ = p.server.faults.Report(p.server.ctx, e.stream.name, err) // told to the error hook
	}
}

// close drops what is held.
func (p *pacer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, lane := range p.lanes {
		for _, own := range lane {
			own.stop()
		}
	}
	clear(p.lanes)
}

// deliver adds an event to its feed. Where nobody follows there is none, unless its state lasts.
func (s *Server) deliver(e *event) error {
	f := s.feeds.hold(e.stream.name, e.topic, e.stream.feeding, e.stream.feeding.lasting)
	if f == nil {
		s.derivations.changed(e.stream.name)
		return nil
	}
	defer s.feeds.release(f)
	return f.publish(e.name, e.data, e.commit, e.by)
}
