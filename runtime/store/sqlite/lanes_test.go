package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/livec-lang/livec/internal/fair"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// TestLongReadsNeedALane has a read of an entry point that takes long wait for a lane, until its time is up.
func TestLongReadsNeedALane(t *testing.T) {
	s := openEntries(t, Options{Limits: limits.Values{limits.MaxReadTime: 20}})
	waited := 0
	lanes := fair.NewLanes(1, func() { waited++ })
	busy := lanes.Work("other")
	if err := busy.Enter(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	p := s.r.kinds[store.Calls]
	p.mu.Lock()
	p.slow.note("long", time.Second, time.Now())
	p.mu.Unlock()
	read := func(name string) error {
		ctx := store.WithTurn(context.Background(), store.Turn{Caller: "a", Name: name, Kind: store.Calls, Lanes: lanes})
		return s.Read(ctx, func(store.Tx) error { return nil })
	}
	if err := read("short"); err != nil || waited != 0 {
		t.Error("a short read waits", err)
	}
	var late *store.Overtime
	if err := read("long"); !errors.As(err, &late) || late.Limit != limits.MaxReadTime || waited != 1 {
		t.Error(err, waited)
	}
	busy.End()
	if err := read("long"); err != nil {
		t.Error(err)
	}
	if again := lanes.Work("b"); again.Enter(t.Context(), time.Now()) != nil {
		t.Error("the read has kept its lane")
	}
}

// TestWriterDoesNotWaitForALane has a transaction with the writer go on though there is no lane, and take one.
func TestWriterDoesNotWaitForALane(t *testing.T) {
	s := openEntries(t, Options{})
	lanes := fair.NewLanes(1, func() { t.Error("it waits") })
	busy := lanes.Work("other")
	if err := busy.Enter(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	turn := store.Turn{Caller: "a", Name: "write", Kind: store.Calls, Lanes: lanes}
	ctx := store.WithTurn(t.Context(), turn)
	done := make(chan error, 1)
	s.Submit(ctx, func(store.Tx) error {
		now := time.Now()
		return errors.Join(store.TurnOf(ctx).Step(ctx, now, time.Time{}), store.TurnOf(ctx).Step(ctx, now.Add(time.Hour), time.Time{}))
	}, func(_ store.Commit, err error) { done <- err })
	if err := <-done; err != nil {
		t.Error(err)
	}
	busy.End()
	if err := busy.Enter(t.Context(), time.Now()); err != nil {
		t.Error("the writer has kept its lane: ", err)
	}
}
