package invoke

import (
	"context"
	"errors"
	"time"
)

const (
	// stepsEach is how many turns of loops run between two readings of the clock.
	stepsEach = 1024
	// maxDepth is how deep functions of the app may recurse. The stack of a goroutine would allow ten times as much.
	maxDepth = 10_000
)

var errDepth = errors.New("a function called itself more than 10,000 levels deep")

// budget bounds loops and recursions, which do not wait for anything that would end them in time.
type budget struct {
	steps    uint64
	depth    int
	deadline time.Time // of a call whose context has none; set at the first reading
}

// Step counts one turn of a loop. It fails with TIMEOUT once the time limit of the call is reached.
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

// Enter begins a function that may call itself; Leave ends it. Enter fails if the recursion is too deep: overflowing the stack would end
// the process.
func (in *Invocation) Enter() error {
	if in.budget.depth >= maxDepth {
		return errDepth
	}
	in.budget.depth++
	return in.Step()
}

// Leave ends what Enter has begun.
func (in *Invocation) Leave() { in.budget.depth-- }
