// Package clock is time that can be replaced: the machine's, or one that a test moves.
package clock

import "time"

// Clock tells the time and calls back later.
type Clock interface {
	// Now is the present instant.
	Now() time.Time
	// AfterFunc has fn called on a goroutine of its own once d has passed, unless stop is called before; stop then gives true.
	AfterFunc(d time.Duration, fn func()) (stop func() bool)
}

// System is the clock of the machine.
type System struct{}

// Now is part of Clock.
func (System) Now() time.Time { return time.Now() }

// AfterFunc is part of Clock.
func (System) AfterFunc(d time.Duration, fn func()) func() bool { return time.AfterFunc(d, fn).Stop }
