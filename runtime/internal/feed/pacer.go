package feed

import (
	"cmp"
	"container/list"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/linger"
	"github.com/livec-lang/livec/runtime/merge"
)

// Pace spreads events over time; runtime.Pace documents it.
type Pace struct {
	Throttle time.Duration // the first is sent at once, then at most one in this time; the last is always sent
	Debounce time.Duration // the last is sent after this time without another
}

// pacer holds events back. Events of one lane leave in their order: an event of another name, or one without a pace, is preceded by what is
// held back of its lane. So do events of different lanes if the later one replaces what the earlier one has changed: of two callers who set
// one value, the one who committed last is right, whenever their events leave.
type pacer struct {
	feeds  *Feeds
	used   atomic.Int32 // number of feeds with lanes
	mu     sync.Mutex
	open   map[Key]*lanes
	last   uint64 // the order of the last event
	closed bool
}

// lanes is what the pacer knows of one feed. A lane is a key or, for events without one, a caller.
type lanes struct {
	of            map[lane]map[string]*paced // by event name
	keyed, others list.List                  // the paced that hold an event back, by order
}

type lane struct {
	keyed bool
	by    string // the key or the caller
}

// paced is the events of one name in one lane.
type paced struct {
	feed  Key
	lane  lane
	name  string
	by    string        // who has published the first: the memory counts for it, as that of held for its publisher
	held  *Publication  // nil if none is held back
	order uint64        // of held, among all events
	place *list.Element // in the list of the feed, while it holds an event back
	wait  time.Duration // of a throttle
	timer linger.Timer
}

// laneOf is the lane of an event. caller names the lane of events without a key.
func laneOf(e *Publication, caller string) (lane, error) {
	rule := &e.Spec.Rule
	if !rule.Kind.Keyed() || e.Name == merge.SetAll {
		return lane{by: caller}, nil
	}
	key, err := rule.KeyOf(e.Data)
	return lane{keyed: true, by: key}, err
}

// growth is how much memory it takes to hold an event back, or to know that it has just been sent. An event that has no lane is not
// published.
func (p *pacer) growth(e *Publication, caller string) int64 {
	in, err := laneOf(e, caller)
	if err != nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	size := int64(len(e.Data))
	var own *paced
	if l := p.open[e.Key]; l != nil {
		own = l.of[in][e.Name]
	}
	switch {
	case own == nil:
		size += (&paced{feed: e.Key, lane: in}).size()
	case own.held != nil && own.held.Caller == e.Caller: // else another one is freed of it
		size -= int64(len(own.held.Data))
	}
	return max(0, size)
}

// publish sends an event, or holds it back. caller names the lane of events without a key.
func (p *pacer) publish(e *Publication, pace Pace, caller string) error {
	if pace == (Pace{}) && p.used.Load() == 0 {
		return p.feeds.deliver(e)
	}
	in, err := laneOf(e, caller)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.last++
	order := p.last
	if pace != (Pace{}) {
		own, known := p.named(e, in)
		if pace.Debounce > 0 || known {
			p.flushOthers(own)
			p.hold(own, e, order)
			if pace.Debounce > 0 {
				own.timer.Set(p.feeds.cfg.Clock, pace.Debounce, &p.mu, func() {
					p.flush(own)
					p.forget(own)
				})
			}
			return nil
		}
		p.throttle(own, pace.Throttle)
	}
	p.precede(e, in, order)
	return p.feeds.deliver(e)
}

// named gives the state of the events in a lane that have the name of e. known reports whether there was one already. The caller holds the
// lock.
func (p *pacer) named(e *Publication, in lane) (own *paced, known bool) {
	feed, name := e.Key, e.Name
	l := p.open[feed]
	if l == nil {
		l = &lanes{of: map[lane]map[string]*paced{}}
		p.open[feed] = l
		p.used.Add(1)
	}
	if own = l.of[in][name]; own != nil {
		return own, true
	}
	if l.of[in] == nil {
		l.of[in] = map[string]*paced{}
	}
	own = &paced{feed: feed, lane: in, name: name, by: e.Caller}
	p.feeds.memory.AddFor(own.by, own.size())
	l.of[in][name] = own
	return own, false
}

// holding is the list of those in lanes of a kind that hold an event back.
func (l *lanes) holding(keyed bool) *list.List {
	if keyed {
		return &l.keyed
	}
	return &l.others
}

// hold holds an event back, in the place of the one that is. Its call has committed, so there is always memory for it: Admit has asked
// before. Calls that have asked at the same time may exceed the limit together, and what nobody uses makes room. The caller holds the
// lock.
func (p *pacer) hold(own *paced, e *Publication, order uint64) {
	p.take(own)
	own.held, own.order = e, order
	p.feeds.memory.AddFor(e.Caller, int64(len(e.Data)))
	p.feeds.memory.Trim()
	own.place = p.open[own.feed].holding(own.lane.keyed).PushBack(own)
}

// take gives the event that is held back, which then is not any more; nil if there is none. The caller holds the lock.
func (p *pacer) take(own *paced) *Publication {
	held := own.held
	if held != nil {
		p.open[own.feed].holding(own.lane.keyed).Remove(own.place)
		own.held, own.place = nil, nil
		p.feeds.memory.AddFor(held.Caller, -int64(len(held.Data)))
	}
	return held
}

// size is the memory of the state without the event that is held back, in bytes.
func (own *paced) size() int64 { return int64(pacedSize + len(own.feed.Topic) + len(own.lane.by)) }

// throttle sends what is published meanwhile after a while. The caller holds the lock.
func (p *pacer) throttle(own *paced, wait time.Duration) {
	own.wait = wait
	own.timer.Set(p.feeds.cfg.Clock, wait, &p.mu, func() {
		if own.held == nil {
			p.forget(own)
			return
		}
		p.flush(own)
		p.throttle(own, wait) // the next one is throttled too
	})
}

// forget ends the state of events of one name in a lane. The caller holds the lock.
func (p *pacer) forget(own *paced) {
	p.feeds.memory.AddFor(own.by, -own.size())
	l := p.open[own.feed]
	if delete(l.of[own.lane], own.name); len(l.of[own.lane]) > 0 {
		return
	}
	if delete(l.of, own.lane); len(l.of) == 0 {
		delete(p.open, own.feed)
		p.used.Add(-1)
	}
}

// flush sends the event that is held back, if there is one, after the earlier ones that must precede it. The caller holds the lock.
func (p *pacer) flush(own *paced) {
	if e := p.take(own); e != nil {
		p.precede(e, own.lane, own.order)
		p.send(e)
	}
}

// flushOthers sends what is held back of other names in the same lane. The caller holds the lock.
func (p *pacer) flushOthers(own *paced) {
	for name, other := range p.open[own.feed].of[own.lane] {
		if name != own.name {
			p.flush(other)
		}
	}
}

// send sends an event that was held back. The caller holds the lock.
func (p *pacer) send(e *Publication) {
	if err := p.feeds.deliver(e); err != nil {
		p.feeds.cfg.Report(e.Key.Stream, err) // there is no other receiver
	}
}

// precede sends what is held back and must leave before an event of a lane: earlier events of its key or, if one of both has no key, of the
// whole feed. An event that sets the whole value replaces them instead. The caller holds the lock.
func (p *pacer) precede(e *Publication, in lane, order uint64) {
	l := p.open[e.Key]
	if l == nil {
		return
	}
	var earlier []*paced
	if in.keyed {
		for _, other := range l.of[in] {
			if other.held != nil && other.order < order {
				earlier = append(earlier, other)
			}
		}
	} else {
		earlier = before(earlier, &l.keyed, order)
	}
	earlier = before(earlier, &l.others, order)
	slices.SortFunc(earlier, func(a, b *paced) int { return cmp.Compare(a.order, b.order) })
	for _, other := range earlier {
		held := p.take(other)
		if e.Name == merge.SetAll {
			continue
		}
		if other.wait > 0 {
			p.throttle(other, other.wait) // it has been sent early, and the next one is throttled from now on
		}
		p.send(held)
	}
}

// before appends those of a list that hold back an event earlier than order.
func before(to []*paced, holding *list.List, order uint64) []*paced {
	for place := holding.Front(); place != nil && place.Value.(*paced).order < order; place = place.Next() {
		to = append(to, place.Value.(*paced))
	}
	return to
}

// close drops what is held back.
func (p *pacer) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, l := range p.open {
		for _, events := range l.of {
			for _, own := range events {
				own.timer.Stop()
				p.take(own)
				p.feeds.memory.AddFor(own.by, -own.size())
			}
		}
	}
	clear(p.open)
}
