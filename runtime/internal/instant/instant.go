// Package instant gives calls their instant.
package instant

import (
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Clock gives the instants of calls: in UTC with millisecond precision, like times of the language.
type Clock struct {
	clock  clock.Clock
	system bool
}

// New makes a Clock over c.
func New(c clock.Clock) *Clock {
	_, system := c.(clock.System)
	return &Clock{clock: c, system: system}
}

// Now is the current instant.
func (c *Clock) Now() time.Time { return c.clock.Now().UTC().Truncate(time.Millisecond) }

// Of is Now for a caller that has just read the machine's time, to avoid reading it twice.
func (c *Clock) Of(machine time.Time) time.Time {
	if !c.system {
		return c.Now()
	}
	return machine.UTC().Truncate(time.Millisecond)
}

// Timers is the clock itself, for timers.
func (c *Clock) Timers() clock.Clock { return c.clock }
