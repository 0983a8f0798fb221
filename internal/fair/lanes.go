package fair

import (
	"context"
	"math"
	"time"
)

// Work turns out to be long when it has computed for shortWork. From then on it needs a lane, in slices of at least laneSlice: short enough
// that those who wait in turn make progress, and long enough that passing a lane on costs nothing beside it.
const (
	shortWork = 2 * time.Millisecond
	laneSlice = 5 * time.Millisecond
)

// Lanes keeps a processor free for short work. Go gives each goroutine 10 ms at a time, and while all processors are busy it looks at the
// network as rarely. So if work that takes long may use all processors, each step of a short call waits for that long. Instead long work
// has a number of lanes, one fewer than there are processors, and its callers take turns for them. It is safe for concurrent use.
type Lanes struct {
	gate  *Gate
	waits func() // is called for each work that has to wait
}

// NewLanes makes n lanes. waits is called for each work that finds none free; nil for nothing.
func NewLanes(n int, waits func()) *Lanes {
	if waits == nil {
		waits = func() {}
	}
	return &Lanes{gate: NewGate(n, math.MaxInt, math.MaxInt), waits: waits}
}

// Work makes the work of a caller, which has not begun.
func (l *Lanes) Work(caller string) *Work { return &Work{lanes: l, caller: caller} }

// Work is something that may compute for long. Only one goroutine at a time may use it. A nil Work never waits.
type Work struct {
	lanes  *Lanes
	caller string
	since  time.Time // when it began, or has got its lane; zero: it has not begun
	leave  func()    // its lane; nil for none
	firm   bool      // it keeps its lane until it ends
}

// Step is called now and then while the work goes on. It waits if the work has turned out to be long and there is no lane for it, until ctx
// or the deadline ends; the zero deadline is none.
func (w *Work) Step(ctx context.Context, now, deadline time.Time) error {
	switch {
	case w == nil || w.firm:
		return nil
	case w.since.IsZero():
		w.since = now
		return nil
	case w.leave == nil && now.Sub(w.since) < shortWork, w.leave != nil && now.Sub(w.since) < laneSlice:
		return nil
	}
	return w.Enter(ctx, deadline)
}

// Enter waits for a lane, or for another slice of one, for work that is known to be long.
func (w *Work) Enter(ctx context.Context, deadline time.Time) error {
	if w == nil || w.firm {
		return nil
	}
	goesOn := w.leave != nil
	w.End()
	leave, ok := w.lanes.gate.Try(w.caller)
	if !ok {
		if !goesOn {
			w.lanes.waits()
		}
		if !deadline.IsZero() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline)
			defer cancel()
		}
		var err error
		if leave, err = w.lanes.gate.Enter(ctx, w.caller); err != nil {
			return err
		}
	}
	w.leave, w.since = leave, time.Now()
	return nil
}

// Insist is Step for work that must not wait, since others wait for it. Once it is long it has a lane until it ends, even if there is none:
// then other work gets no lane until there are enough again.
func (w *Work) Insist(now time.Time) {
	switch {
	case w == nil || w.firm:
	case w.since.IsZero():
		w.since = now
	case now.Sub(w.since) >= shortWork:
		w.End()
		w.leave, w.firm = w.lanes.gate.Insist(), true
	}
}

// End ends the work, or what it has done so far: it may begin again.
func (w *Work) End() {
	if w == nil {
		return
	}
	if w.leave != nil {
		w.leave()
	}
	w.since, w.leave, w.firm = time.Time{}, nil, false
}
