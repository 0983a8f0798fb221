package invoke

import (
	"context"
	"errors"
	"time"

	"github.com/livec-lang/livec/runtime/store"
)

const (
	// stepsEach is how many turns of loops run between two readings of the clock, which take 60 ns. A turn may work on texts of megabytes,
	// which takes milliseconds.
	stepsEach = 16
	// stepsOfQuery is how many turns a query counts for: it takes about as long as so many.
	stepsOfQuery = stepsEach / 4
	// maxDepth is how deep functions of the app may recurse. The stack of a goroutine would allow ten times as much.
	maxDepth = 10_000
)

var errDepth = errors.New("a function called itself more than 10,000 levels deep")

// budget bounds loops and recursions, which do not wait for anything that would end them in time.
type budget struct {
	steps    int // since the last reading of the clock
	depth    int
	deadline time.Time // the bound of the transaction, or that of a call whose context has none; set at the first reading
	none     bool      // there is no such bound
}

// Step counts one turn of a loop. It fails with TIMEOUT once the time limit of the call, or of its transaction, is
// reached.
func (in *Invocation) Step() error {
	if in.budget.steps++; in.budget.steps < stepsEach {
		return nil
	}
	return in.pause()
}

// Query counts a query. It fails as Step does.
func (in *Invocation) Query() error {
	if in.budget.steps += stepsOfQuery; in.budget.steps < stepsEach {
		return nil
	}
	return in.pause()
}

// pause looks at the time, and makes way for short calls if the run takes long.
func (in *Invocation) pause() error {
	in.budget.steps = 0
	if err := in.Ctx.Err(); err != nil {
		return err
	}
	now := time.Now()
	if in.budget.deadline.IsZero() && !in.budget.none {
		in.setDeadline(now)
	}
	switch {
	case in.budget.none || now.Before(in.budget.deadline):
		return in.makeWay(now)
	case in.Tx != nil:
		return &store.Overtime{Limit: overtime(in.spec.Mode)}
	}
	return context.DeadlineExceeded
}

// makeWay waits while there is no lane for a run that takes long. Code with extern functions does not: it would hold its lane while it
// waits for something else.
func (in *Invocation) makeWay(now time.Time) (err error) {
	if in.runner == nil || in.spec.External {
		return nil
	}
	if turn := store.TurnOf(in.Ctx); turn.Lanes != nil {
		err = turn.Step(in.Ctx, now, in.budget.deadline)
	} else {
		if in.work == nil {
			in.work = in.runner.lanes.Work(in.Caller.Turn)
		}
		err = in.work.Step(in.Ctx, now, in.budget.deadline)
	}
	if errors.Is(err, context.DeadlineExceeded) && in.Tx != nil && in.Ctx.Err() == nil {
		return &store.Overtime{Limit: overtime(in.spec.Mode)}
	}
	return err
}

// rest gives back the lane of what the run has computed without a turn in the order of transactions.
func (in *Invocation) rest() {
	in.work.End()
	in.work = nil
}

// setDeadline finds the bound of loops that the context does not have.
func (in *Invocation) setDeadline(now time.Time) {
	_, bounded := in.Ctx.Deadline()
	switch at := store.DeadlineOf(in.Tx); {
	case !at.IsZero():
		in.budget.deadline = at
	case bounded:
		in.budget.none = true
	default:
		in.budget.deadline = now.Add(in.runner.timeout(in.spec))
	}
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
