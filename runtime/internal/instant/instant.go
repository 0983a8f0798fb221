// Package instant gives calls their instant.
package instant

import (
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Clock gives the instants of calls: in UTC with millisecond precision, like times of the language.
type Clock struct {
	clock  clock.Clock
	start  time.Time
	system bool
}

// New makes a Clock over c.
func New(c clock.Clock) *Clock {
	_, system := c.(clock.System)
	return &Clock{clock: c, start: c.Now(), system: system}
}

// Now is the current instant.
func (c *Clock) Now() time.Time { return c.clock.Now().UTC().Truncate(time.Millisecond) }

// Steady is an instant for measuring how long ago another one was. Unlike Now, it does not jump when the clock of the machine is set.
func (c *Clock) Steady() time.Time {
	return c.start.Add(c.clock.Now().Sub(c.start)) // Sub uses the monotonic clock
}

// Of is Now for a caller that has just read the machine's time, to avoid reading it twice.
func (c *Clock) Of(machine time.Time) time.Time {
	if !c.system {
		return c.Now()
	}
	return machine.UTC().Truncate(time.Millisecond)
}

// Timers is the clock itself, for timers.
func (c *Clock) Timers() clock.Clock { return c.clock }
