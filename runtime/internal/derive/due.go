package derive

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// due has the values that the server must compute, since their sources have changed. A value is in it once, however often they change.
// Those for whom the values count take turns, so one who has many delays these only. Nothing is refused: a value leaves by being
// computed.
type due struct {
	spawn func(fn func())
	most  int // values that are computed at once

	mu      sync.Mutex
	waiting *fair.Queue[*Value]
	running int
}

func newDue(spawn func(fn func()), most int) *due {
	return &due{spawn: spawn, most: most, waiting: fair.New[*Value](math.MaxInt, math.MaxInt)}
}

// add has a value computed, unless it waits already. It does not block.
func (d *due) add(v *Value) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if v.queued {
		return
	}
	v.queued = true
	d.waiting.Push(v.holding.Payer(), v)
	if d.running < d.most {
		d.running++
		d.spawn(d.work)
	}
}

// work computes values until none waits.
func (d *due) work() {
	for {
		d.mu.Lock()
		v, line, ok := d.waiting.Pop()
		if !ok {
			d.running--
			d.mu.Unlock()
			return
		}
		v.queued = false // from now on, a change needs another computation
		d.mu.Unlock()
		started := time.Now()
		v.computeOwn()
		d.mu.Lock()
		d.waiting.Charge(line, time.Since(started))
		d.mu.Unlock()
	}
}

// A computation that has failed for a reason that passes is tried again after a pause, which doubles with each failure in a row. A random
// part of up to a half is left out, so that values that have failed together are not tried again together.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 32 * time.Second
)

// pauseAfter is the pause after this many failures in a row before this one.
func pauseAfter(fails int) time.Duration {
	pause := min(firstPause<<min(fails, 16), mostPause)
	return pause - rand.N(pause/2)
}

// settle takes the result of a computation. After an error that passes, the computation stays due, and the error is returned. The server
// tries again after a pause, but at once if only the turn of a caller has failed: a caller who is refused, or goes away, must not delay
// others.
func (v *Value) settle(by By, err error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closed:
		return err
	case err == nil, !fault.Passes(err) && !errors.Is(err, context.Canceled):
		v.fails = 0
		v.pause.Stop()
		if err != nil {
			v.values.cfg.Report(v.key.Stream, err)
		}
		return nil
	case v.values.cfg.Context.Err() != nil:
		return err // the server ends
	}
	v.dirty = true
	switch {
	case v.pause.Waits():
	case by.Own:
		v.pause.Set(v.values.cfg.Clock, pauseAfter(v.fails), &v.mu, func() { v.values.due.add(v) })
		v.fails++
		v.values.cfg.Delayed(v.key.Stream, err)
	default:
		v.values.due.add(v)
	}
	return err
}
