package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/livequery"
	"github.com/livec-lang/livec/runtime/store"
)

// liveJoin measures one change of a person's name, where that person is the author of all 50 rows of each of 1,000 windows, until every
// window has its event. The baseline runs the query of each window again.
func liveJoin(ctx context.Context, report func(figure)) (err error) {
	const n, renames = 1_000, 10
	d, err := newLiveData(ctx, 60*n, n)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	q := joined()
	windows := make([]*livequery.Handle, n)
	for i := range windows {
		if windows[i], err = d.engine.Open(ctx, q, []relation.Value{room(i)}); err != nil {
			return err
		}
	}
	var live, again []float64
	name := func(i int) relation.Row { return relation.Row{"ann", fmt.Sprintf("Ann %d", i)} }
	was := relation.Row{"ann", "Ann"}
	for round := range rounds {
		head := windows[0].Topic().Head()
		start := time.Now()
		for i := range renames {
			is := name(round*renames + i)
			d.changeIn(persons, was, is)
			was = is
		}
		d.engine.Settle()
		live = append(live, float64(time.Since(start).Nanoseconds())/1000/(renames*n))
		if events := windows[0].Topic().Head() - head; events != renames {
			return fmt.Errorf("%d names gave %d events", renames, events)
		}
		i := 0
		ns, err := perCall(time.Second, func() error {
			i++
			return d.Read(ctx, func(tx store.Tx) error {
				_, err := tx.Query(q, room(i%n))
				return err
			})
		})
		if err != nil {
			return err
		}
		again = append(again, ns/1000)
	}
	a, b := median(live), median(again)
	report(figure{
		Name: "live_join", Value: round3(a), Unit: "µs/window",
		Against: fmt.Sprintf("running the query again: %.0f", b), Ratio: round3(b / a),
	})
	return nil
}
