package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// TestLongWritersRest has a caller and an entry point that have had more than their share. They rest while others write: until the deadline
// of the call, or until the store closes.
func TestLongWritersRest(t *testing.T) {
	s := openEntries(t, Options{})
	owe := func(within time.Duration) {
		s.w.mu.Lock()
		defer s.w.mu.Unlock()
		s.w.shares = newShares()
		s.w.shares.Within = within
		now := time.Now()
		s.w.shares.Used("heavy", "m/grind", time.Hour, now, now)
	}
	submit := func(ctx context.Context, id string) chan error {
		done := make(chan error, 1)
		s.Submit(ctx, func(tx store.Tx) error { return tx.Insert(entry, relation.Row{id}) }, func(_ store.Commit, err error) { done <- err })
		return done
	}
	owe(time.Hour)
	caller := submit(of(t, "heavy", "m/short", store.Calls), "by caller")
	name := submit(of(t, "other", "m/grind", store.Calls), "by name")
	short, cancel := context.WithTimeout(of(t, "third", "m/grind", store.Calls), time.Millisecond)
	defer cancel()
	if err := <-submit(short, "in time"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that rests ends with %v at its deadline", err)
	}
	must := store.WithTurn(t.Context(), store.Turn{Caller: "fourth", Name: "m/grind", Kind: store.Calls, Must: true})
	for id, ctx := range map[string]context.Context{"n": of(t, "n", "m/short", store.Calls), "own": t.Context(), "must": must} {
		if err := <-submit(ctx, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for id, done := range map[string]chan error{"caller": caller, "name": name} {
		select {
		case err := <-done:
			t.Errorf("%s does not rest: %v", id, err)
		default:
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := errors.Join(<-caller, <-name); err != nil {
		t.Errorf("what rests is lost when the store closes: %v", err)
	}
}

// TestLongWritersGoOn has one that has had more than its share and goes on at once, since nobody else writes.
func TestLongWritersGoOn(t *testing.T) {
	s := openEntries(t, Options{})
	s.w.mu.Lock()
	now := time.Now()
	s.w.shares.Used("heavy", "m/grind", time.Hour, now, now.Add(-2*time.Hour))
	s.w.mu.Unlock()
	for range 3 {
		done := make(chan error, 1)
		s.Submit(of(t, "heavy", "m/grind", store.Calls), func(store.Tx) error { return nil }, func(_ store.Commit, err error) { done <- err })
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if s.w.queue.Resting() != 0 || !s.w.until.IsZero() {
		t.Error("it rests")
	}
}
