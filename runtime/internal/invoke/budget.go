package invoke

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

var errDepth = errors.New("a function called itself more than 10,000 levels deep")

// budget bounds loops and recursions, in which a run waits for nothing that could end it.
type budget struct {
	steps    uint64
	depth    int
	deadline time.Time // of a call whose context has none; set at the first look
}

// Step counts one turn of a loop. It fails with TIMEOUT once the call's time is up.
func (in *Invocation) Step() error {
	in.budget.steps++
	if in.budget.steps%stepsEach != 0 {
		return nil
	}
	if err := in.Ctx.Err(); err != nil {
		return err
	}
	if _, bounded := in.Ctx.Deadline(); bounded {
		return nil
	}
	now := time.Now()
	if in.budget.deadline.IsZero() {
		limit := in.timeout
		if limit <= 0 {
			limit = DefaultTimeout
		}
		in.budget.deadline = now.Add(limit)
	}
	if now.After(in.budget.deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// Enter begins a function that may call itself; Leave ends it. Enter fails where it does so too often, before the stack could overflow,
// which would end the process.
func (in *Invocation) Enter() error {
	if in.budget.depth >= maxDepth {
		return errDepth
	}
	in.budget.depth++
	return in.Step()
}

// Leave is the end of what Enter began.
func (in *Invocation) Leave() { in.budget.depth-- }
