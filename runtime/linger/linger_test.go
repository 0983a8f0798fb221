package linger

import (
	"sync"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// late is a clock whose timers are always stopped too late: they are running already.
type late struct{ due []func() }

func (*late) Now() time.Time { return time.Time{} }

func (l *late) AfterFunc(_ time.Duration, fn func()) func() bool {
	l.due = append(l.due, fn)
	return func() bool { return false }
}

func (l *late) run() {
	for _, fn := range l.due {
		fn()
	}
	l.due = nil
}

func TestHold(t *testing.T) {
	c := clock.NewManual(time.Unix(0, 0))
	var mu sync.Mutex
	var h Hold
	ended := 0
	end := func() {
		if mu.TryLock() {
			t.Error("end is called without the lock")
		}
		ended++
	}
	give := func() {
		mu.Lock()
		defer mu.Unlock()
		if h.Give() {
			h.Linger(c, time.Second, &mu, end)
		}
	}
	if !h.Take() || h.Take() || h.Holders() != 2 {
		t.Errorf("%d holders after two", h.Holders())
	}
	give()
	c.Advance(time.Hour, nil)
	if ended != 0 || c.Timers() != 0 {
		t.Error("it ended while it was held")
	}
	give()
	c.Advance(900*time.Millisecond, nil)
	if !h.Take() || c.Timers() != 0 {
		t.Error("a holder that comes back is not the first, or its timer stays")
	}
	c.Advance(time.Hour, nil)
	give()
	if c.Advance(999*time.Millisecond, nil); ended != 0 {
		t.Error("it ended too early")
	}
	if c.Advance(time.Millisecond, nil); ended != 1 {
		t.Errorf("it ended %d times", ended)
	}
}

func TestLateTimers(t *testing.T) {
	var c late
	var mu sync.Mutex
	var h Hold
	var timer Timer
	var ran []string
	h.Take()
	h.Give()
	h.Linger(&c, 0, &mu, func() { ran = append(ran, "taken meanwhile") })
	h.Take()
	timer.Set(&c, 0, &mu, func() { ran = append(ran, "set anew") })
	timer.Set(&c, 0, &mu, func() { ran = append(ran, "last") })
	if !timer.Waits() {
		t.Error("a timer that was set does not wait")
	}
	c.run()
	if len(ran) != 1 || ran[0] != "last" || timer.Waits() {
		t.Errorf("ran %v", ran)
	}
	timer.Set(&c, 0, &mu, func() { t.Error("a stopped timer has run") })
	timer.Stop()
	c.run()
}
