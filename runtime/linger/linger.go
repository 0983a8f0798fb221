// Package linger is for things that outlive their last holder by a while. It has a timer that a lock guards, and a count of holders with
// such a timer.
package linger

import (
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Timer calls a function under the lock of its owner, which also guards the Timer. The zero value is not set.
//
// A timer of a clock may run although it was stopped a moment ago: its callback may already wait for the lock. So each Set and Stop begins
// a new generation, and a callback of an earlier one does nothing.
type Timer struct {
	stop       func() bool // nil if it is not set
	generation uint64
}

// Set calls fn, with the lock held, once d has passed. It replaces an earlier Set.
func (t *Timer) Set(c clock.Clock, d time.Duration, lock sync.Locker, fn func()) {
	t.Stop()
	own := t.generation
	t.stop = c.AfterFunc(d, func() {
		lock.Lock()
		defer lock.Unlock()
		if t.generation != own {
			return
		}
		t.stop = nil
		fn()
	})
}

// Stop ends the waiting. The function of an earlier Set is not called any more.
func (t *Timer) Stop() {
	t.generation++
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// Waits reports whether a function is still to be called.
func (t *Timer) Waits() bool { return t.stop != nil }

// Hold counts the holders of something. The lock of its owner guards it. The zero value has no holder.
type Hold struct {
	timer Timer
	n     int
}

// Take adds a holder and ends the waiting of Linger. first reports that there was none before.
func (h *Hold) Take() (first bool) {
	h.timer.Stop()
	h.n++
	return h.n == 1
}

// Give removes a holder. last reports that there is none left: the owner then ends what was held, or calls Linger.
func (h *Hold) Give() (last bool) {
	h.n--
	return h.n == 0
}

// Holders is the number of holders.
func (h *Hold) Holders() int { return h.n }

// Linger calls end, with the lock held, if nobody takes hold for d.
func (h *Hold) Linger(c clock.Clock, d time.Duration, lock sync.Locker, end func()) {
	h.timer.Set(c, d, lock, end)
}

// Stop ends the waiting of Linger.
func (h *Hold) Stop() { h.timer.Stop() }
