// Package clock is replaceable time: the machine's, or one that a test moves.
package clock

import "time"

// Clock gives the time, and calls functions later.
type Clock interface {
	// Now is the current instant.
	Now() time.Time
	// AfterFunc calls fn on a goroutine of its own after d, unless stop is called before. stop reports whether it has prevented the call.
	AfterFunc(d time.Duration, fn func()) (stop func() bool)
}

// System is the clock of the machine.
type System struct{}

// Now is part of Clock.
func (System) Now() time.Time { return time.Now() }

// AfterFunc is part of Clock.
func (System) AfterFunc(d time.Duration, fn func()) func() bool { return time.AfterFunc(d, fn).Stop }
