package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/livequery"
)

const liveSubscriptions = 100_000

// liveRouting measures a write that concerns 1 of 100,000 subscriptions, each to a room of its own, until its event can be sent. The
// baseline asks each subscription whether the row is one of its own. Before that it measures the memory of the subscriptions.
func liveRouting(ctx context.Context, report func(figure)) (err error) {
	d, err := newLiveData(ctx, liveSubscriptions, liveSubscriptions)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	q := latest()
	before := heap()
	windows := make([]*livequery.Handle, liveSubscriptions)
	params := make([]*eval.Params, liveSubscriptions)
	for i := range windows {
		if windows[i], err = d.engine.Open(ctx, q, []relation.Value{room(i)}); err != nil {
			return err
		}
		params[i] = &eval.Params{Values: []relation.Value{room(i)}}
	}
	report(figure{Name: "live_window_memory_1", Value: round3((heap() - before) / liveSubscriptions), Unit: "bytes/window of 1 row"})

	cond, err := eval.Compile(q.Plan.(*relation.Limit).Input.(*relation.Sort).Input.(*relation.Filter).Cond)
	if err != nil {
		return err
	}
	var live, each []float64
	for range rounds {
		start := time.Now()
		for i := range liveChanges {
			in := i * 31 % liveSubscriptions
			row := message(liveSubscriptions+i, in, int64(liveSubscriptions+i))
			d.change(nil, row)
			d.change(row, nil)
		}
		d.engine.Settle()
		live = append(live, float64(time.Since(start).Nanoseconds())/1000/(2*liveChanges))
		start = time.Now()
		const looks = 20
		found := 0
		for i := range looks {
			row := message(liveSubscriptions+i, i, int64(i))
			for _, p := range params {
				if v, err := cond(p, row); err == nil && v == true {
					found++
				}
			}
		}
		if found != looks {
			return fmt.Errorf("%d of %d rows were found", found, looks)
		}
		each = append(each, float64(time.Since(start).Nanoseconds())/1000/looks)
	}
	a, b := median(live), median(each)
	report(figure{
		Name: "live_routing", Value: round3(a), Unit: "µs/write",
		Against: fmt.Sprintf("looking at each subscription: %.0f", b), Ratio: round3(b / a),
	})
	runtime.KeepAlive(windows)
	return liveAll(ctx, report, d)
}

// liveAll measures writes that concern 1,000 windows, and writes that concern 10,000: all windows of a query that filters by a range, so
// each of them has to look at the row.
func liveAll(ctx context.Context, report func(figure), d *liveData) error {
	q := since()
	for _, n := range []int{1_000, 10_000} {
		windows := make([]*livequery.Handle, n)
		for i := range windows {
			// All select what comes after an instant, which differs from window to window.
			var err error
			if windows[i], err = d.engine.Open(ctx, q, []relation.Value{int64(1_000_000 + i)}); err != nil {
				return err
			}
		}
		var rates []float64
		for round := range rounds {
			start := time.Now()
			const writes = 20
			for i := range writes {
				row := message(5_000_000+round*writes+i, 0, int64(2_000_000+i))
				d.change(nil, row)
				d.change(row, nil)
			}
			d.engine.Settle()
			rates = append(rates, float64(2*writes*n)/time.Since(start).Seconds())
		}
		report(figure{Name: fmt.Sprintf("live_all_%d", n), Value: round3(median(rates)), Unit: "events/s"})
		for _, w := range windows {
			w.Release()
		}
	}
	return nil
}

// liveMemory measures the memory of a window of 50 rows, with the 12 rows that are kept after them.
func liveMemory(ctx context.Context, report func(figure)) (err error) {
	const n = 1_000
	d, err := newLiveData(ctx, 100*n, n)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	q := latest()
	before := heap()
	windows := make([]*livequery.Handle, n)
	for i := range windows {
		if windows[i], err = d.engine.Open(ctx, q, []relation.Value{room(i)}); err != nil {
			return err
		}
	}
	report(figure{Name: "live_window_memory", Value: round3((heap() - before) / n), Unit: "bytes/window of 50 rows"})
	runtime.KeepAlive(windows)
	return nil
}

// heap gives the bytes in use after a collection.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
