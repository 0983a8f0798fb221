package runtime

import (
	"context"
	"errors"
	"time"
)

const (
	// stepsEach is how many turns of loops go by between two looks at the clock.
	stepsEach = 1024
	// maxDepth is how deep functions of the app may call themselves. The stack of a goroutine could hold ten times as many.
	maxDepth = 10_000
)

var errDepth = errors.New("a function calls itself more than 10,000 times deep")

// effort is what a call has done in loops and recursions, which no wait for anything bounds.
type effort struct {
	steps    uint64
	depth    int
	deadline time.Time // of a call whose context has none; set at the first look
}

// Step counts one turn of a loop. It fails with TIMEOUT once the call's time is up.
func (c *Call) Step() error {
	c.effort.steps++
	if c.effort.steps%stepsEach != 0 {
		return nil
	}
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if _, bounded := c.ctx.Deadline(); bounded {
		return nil
	}
	now := time.Now()
	if c.effort.deadline.IsZero() {
		limit := c.timeout
		if limit <= 0 {
			limit = defaultTimeout
		}
		c.effort.deadline = now.Add(limit)
	}
	if now.After(c.effort.deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// Enter begins a function that may call itself; Leave ends it. Enter fails where it does so too often, before the stack could overflow, which would end the process.
func (c *Call) Enter() error {
	if c.effort.depth >= maxDepth {
		return errDepth
	}
	c.effort.depth++
	return c.Step()
}

// Leave is the end of what Enter began.
func (c *Call) Leave() { c.effort.depth-- }
