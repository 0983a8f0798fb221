package clock

import (
	"sort"
	"sync"
	"time"
)

// Manual is a clock that stands still until Advance moves it.
type Manual struct {
	mu     sync.Mutex
	now    time.Time
	made   uint64 // number of timers made so far
	timers []*timer
}

type timer struct {
	at    time.Time
	order uint64 // timers for the same instant run in the order in which they were made
	fn    func()
}

// NewManual makes a clock that shows an instant.
func NewManual(start time.Time) *Manual { return &Manual{now: start} }

// Now is part of Clock.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// AfterFunc is part of Clock. Advance calls fn, on its own goroutine.
func (m *Manual) AfterFunc(d time.Duration, fn func()) func() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made++
	t := &timer{at: m.now.Add(max(d, 0)), order: m.made, fn: fn}
	i := sort.Search(len(m.timers), func(i int) bool { return m.timers[i].at.After(t.at) })
	m.timers = append(m.timers, nil)
	copy(m.timers[i+1:], m.timers[i:])
	m.timers[i] = t
	return func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		for i, o := range m.timers {
			if o == t {
				m.timers = append(m.timers[:i], m.timers[i+1:]...)
				return true
			}
		}
		return false
	}
}

// Advance moves the clock forward by d. It runs the timers that become due, each at its instant, one after the other, including timers that
// these make. between, unless it is nil, is called before the first timer and after each one.
func (m *Manual) Advance(d time.Duration, between func()) {
	if between == nil {
		between = func() {}
	}
	m.mu.Lock()
	end := m.now.Add(d)
	m.mu.Unlock()
	for {
		between()
		m.mu.Lock()
		if len(m.timers) == 0 || m.timers[0].at.After(end) {
			m.now = end
			m.mu.Unlock()
			return
		}
		t := m.timers[0]
		m.timers = m.timers[1:]
		if t.at.After(m.now) {
			m.now = t.at
		}
		m.mu.Unlock()
		t.fn()
	}
}

// Timers is the number of timers that have not run yet.
func (m *Manual) Timers() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.timers)
}
