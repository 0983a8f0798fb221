// Package instant gives calls their instant.
package instant

import (
	"time"

	"github.com/livec-lang/livec/runtime/clock"
)

// Clock gives the instants of calls: UTC with millisecond precision, as the language has times.
type Clock struct {
	clock  clock.Clock
	system bool
}

// New makes a Clock over c.
func New(c clock.Clock) *Clock {
	_, system := c.(clock.System)
	return &Clock{clock: c, system: system}
}

// Now is the present instant.
func (c *Clock) Now() time.Time { return c.clock.Now().UTC().Truncate(time.Millisecond) }

// Of is Now for a caller that has just asked the machine for its time. It spares asking twice.
func (c *Clock) Of(machine time.Time) time.Time {
	if !c.system {
		return c.Now()
	}
	return machine.UTC().Truncate(time.Millisecond)
}

// Timers is the clock itself, for timers.
func (c *Clock) Timers() clock.Clock { return c.clock }
