package topic

import (
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// pace spreads the telling of a topic's followers over time.
type pace struct {
	interval time.Duration
	clock    clock.Clock

	mu    sync.Mutex
	told  time.Time
	armed bool // a timer will tell
	stop  func() bool
}

// now tells whether the followers may be told at once. If not, they will be.
func (p *pace) now(t *Topic) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed {
		return false
	}
	at := p.clock.Now()
	wait := p.interval - at.Sub(p.told)
	if wait <= 0 || p.told.IsZero() {
		p.told = at
		return true
	}
	p.armed = true
	p.stop = p.clock.AfterFunc(wait, func() {
		p.mu.Lock()
		p.armed, p.told = false, p.clock.Now()
		p.mu.Unlock()
		t.push()
	})
	return false
}

// Close ends the timer of a topic whose followers are told at intervals. What they have not been told of they are not told of.
func (t *Topic) Close() {
	p := t.pace
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.armed {
		p.stop()
	}
	p.armed = true // for good
}
