package fair

import (
	"context"
	"errors"
	"testing"
)

func TestGate(t *testing.T) {
	g := NewGate(1, 18, 10)
	leave, err := g.Enter(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	type end struct {
		caller string
		err    error
	}
	ends := make(chan end)
	enter := func(ctx context.Context, caller string) {
		before := g.Waiting()
		go func() {
			leave, err := g.Enter(ctx, caller)
			ends <- end{caller, err}
			if err == nil {
				leave()
			}
		}()
		for g.Waiting() == before && t.Context().Err() == nil {
		}
	}
	enter(t.Context(), "a")
	enter(ctx, "a")
	if _, err := g.Enter(t.Context(), "a"); !errors.Is(err, ErrShare) {
		t.Errorf("a third one waits: %v", err)
	}
	enter(t.Context(), "b")
	cancel()
	if e := <-ends; e.caller != "a" || !errors.Is(e.err, context.Canceled) {
		t.Errorf("%v, want one of a that has given up", e)
	}
	leave()
	if e := <-ends; e.caller != "b" || e.err != nil {
		t.Errorf("%v, want b, who has had nothing yet", e)
	}
	if e := <-ends; e.caller != "a" || e.err != nil {
		t.Errorf("%v, want a", e)
	}
	if again, err := g.Enter(t.Context(), "a"); err != nil {
		t.Error(err)
	} else {
		again()
	}
}

// TestFullGate has no place for anybody.
func TestFullGate(t *testing.T) {
	g := NewGate(0, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := g.Enter(ctx, "a")
		ended <- err
	}()
	for g.Waiting() == 0 && t.Context().Err() == nil {
	}
	for _, caller := range []string{"a", "b"} {
		if _, err := g.Enter(t.Context(), caller); !errors.Is(err, ErrFull) {
			t.Errorf("another one of %s waits: %v", caller, err)
		}
	}
	cancel()
	<-ended
}
