package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

const (
	liveRooms   = 10
	liveChanges = 3_000 // of each kind in a round
)

// liveWindow measures a change in a window of 50 rows, until its event can be sent. The baseline runs the query of the window again. It
// does so over 10,000, 100,000 and 1 million rows, to show that the cost does not depend on the size of the table.
func liveWindow(ctx context.Context, report func(figure)) error {
	for _, size := range []struct {
		n    int
		name string
	}{{10_000, "live_window_10k"}, {100_000, "live_window_100k"}, {1_000_000, "live_window"}} {
		if err := liveWindowOf(ctx, report, size.name, size.n); err != nil {
			return err
		}
	}
	return nil
}

func liveWindowOf(ctx context.Context, report func(figure), name string, n int) (err error) {
	d, err := newLiveData(ctx, n, liveRooms)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	q := latest()
	params := []relation.Value{room(0)}
	w, err := d.engine.Open(ctx, q, params)
	if err != nil {
		return err
	}
	defer w.Release()
	var live, again []float64
	for range rounds {
		before := w.Topic().Head()
		start := time.Now()
		for i := range liveChanges {
			// A row is inserted, updated and deleted: at the top, and in the middle.
			top := message(n+i, 0, int64(n+i))
			edited := append(relation.Row(nil), top...)
			edited[4] = "edited"
			d.change(nil, top)
			d.change(top, edited)
			d.change(edited, nil)
		}
		d.engine.Settle()
		took := time.Since(start)
		if events := w.Topic().Head() - before; events != 3*liveChanges {
			return fmt.Errorf("%d changes gave %d events", 3*liveChanges, events)
		}
		live = append(live, float64(took.Nanoseconds())/1000/(3*liveChanges))
		us, err := perCall(time.Second, func() error {
			return d.Read(ctx, func(tx store.Tx) error {
				rows, err := tx.Query(q, params...)
				if err == nil && len(rows) != 50 {
					err = fmt.Errorf("%d rows", len(rows))
				}
				return err
			})
		})
		if err != nil {
			return err
		}
		again = append(again, us/1000)
	}
	a, b := median(live), median(again)
	report(figure{
		Name: name, Value: round3(a), Unit: "µs/change",
		Against: fmt.Sprintf("running the query again: %.0f", b), Ratio: round3(b / a),
	})
	return nil
}
