package fair

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestLanes(t *testing.T) {
	ctx, begun := t.Context(), time.Now()
	late := begun.Add(shortWork)
	step := func(t *testing.T, w *Work, now time.Time) {
		t.Helper()
		if err := w.Step(ctx, now, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("short work needs no lane", func(t *testing.T) {
		l := NewLanes(1, func() { t.Error("it waits") })
		leave, _ := l.gate.Try("other")
		defer leave()
		w := l.Work("a")
		step(t, w, begun)
		step(t, w, late.Add(-1))
		w.End()
		step(t, w, late.Add(time.Hour)) // it begins again
	})
	t.Run("long work takes turns", func(t *testing.T) {
		waited := 0
		l := NewLanes(1, func() { waited++ })
		a, b := l.Work("a"), l.Work("b")
		step(t, a, begun)
		step(t, a, late)
		step(t, a, a.since.Add(laneSlice)) // nobody waits
		if a.leave == nil || waited != 0 {
			t.Fatal("a has no lane")
		}
		got := make(chan error, 1)
		go func() {
			err := b.Enter(ctx, time.Time{})
			if err == nil {
				err = b.Step(ctx, b.since.Add(laneSlice), time.Time{})
			}
			b.End()
			got <- err
		}()
		for l.gate.Waiting() == 0 && ctx.Err() == nil {
		}
		step(t, a, a.since.Add(laneSlice-1))
		if l.gate.Waiting() != 1 {
			t.Fatal("a gives its lane away before its slice ends")
		}
		step(t, a, a.since.Add(laneSlice)) // b gets the lane, and gives it back
		a.End()
		if err := <-got; err != nil || waited != 1 {
			t.Error(err, waited)
		}
	})
	t.Run("the wait ends", func(t *testing.T) {
		l := NewLanes(1, nil)
		leave, _ := l.gate.Try("other")
		defer leave()
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := l.Work("a").Enter(gone, time.Time{}); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		w := l.Work("a")
		if err := w.Enter(ctx, begun); !errors.Is(err, context.DeadlineExceeded) || l.gate.Waiting() != 0 {
			t.Error(err)
		}
		w.End()
	})
	t.Run("what must not wait does not", func(t *testing.T) {
		l := NewLanes(1, nil)
		a, w := l.Work("a"), l.Work("w")
		step(t, a, begun)
		step(t, a, late)
		w.Insist(begun)
		if w.Insist(late); w.leave == nil {
			t.Fatal("it has no lane")
		}
		step(t, w, late.Add(time.Hour)) // it keeps it
		a.End()
		if _, ok := l.gate.Try("b"); ok {
			t.Error("there is a lane beside it")
		}
		w.End()
		leave, ok := l.gate.Try("b")
		if !ok {
			t.Fatal("its lane is not free")
		}
		leave()
	})
	var none *Work
	if none.Insist(late); none.Step(ctx, late, late) != nil || none.Enter(ctx, late) != nil {
		t.Error("nothing has to wait")
	}
	none.End()
}
