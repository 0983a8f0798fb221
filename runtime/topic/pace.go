package topic

import (
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/linger"
)

// pace limits how often the followers of a topic are woken.
type pace struct {
	interval time.Duration
	clock    clock.Clock

	mu     sync.Mutex
	last   time.Time    // when they were woken
	timer  linger.Timer // wakes them
	closed bool
}

// allow reports whether the followers may be woken at once. If not, a timer will wake them.
func (p *pace) allow(t *Topic) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.timer.Waits() {
		return false
	}
	at := p.clock.Now()
	wait := p.interval - at.Sub(p.last)
	if wait <= 0 || p.last.IsZero() {
		p.last = at
		return true
	}
	p.timer.Set(p.clock, wait, &p.mu, func() {
		p.last = p.clock.Now()
		t.push()
	})
	return false
}

// Close ends the timer of a topic whose followers are woken at intervals. They are not woken any more. The memory of the topic does not
// count any more.
func (t *Topic) Close() {
	t.log.close()
	if t.latest != nil {
		t.latest.close()
	}
	p := t.pace
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer.Stop()
	p.closed = true
}
