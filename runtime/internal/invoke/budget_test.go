package invoke

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestStep(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, in := range map[string]*Invocation{
		"the caller is gone":    {Ctx: over},
		"its own time is up":    {Ctx: t.Context(), runner: &Runner{}, spec: &Spec{Timeout: time.Nanosecond, External: true}},
		"in a short deadline":   {Ctx: expired(t)},
		"in no time of its own": {Ctx: t.Context(), budget: budget{deadline: time.Unix(0, 0)}},
	} {
		var err error
		turns := 0
		for ; err == nil && turns < 10*stepsEach; turns++ {
			err = in.Step()
		}
		if err == nil {
			t.Errorf("%s: %d turns, and it goes on", name, turns)
		}
	}
	in := &Invocation{Ctx: t.Context(), runner: &Runner{}, spec: &Spec{Timeout: time.Hour, External: true}}
	for range 10 * stepsEach {
		if err := in.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

func expired(t *testing.T) context.Context {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancel)
	return ctx
}

func TestDepth(t *testing.T) {
	in := &Invocation{Ctx: t.Context(), runner: &Runner{}, spec: &Spec{Timeout: time.Hour, External: true}}
	for range maxDepth {
		if err := in.Enter(); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Enter(); !errors.Is(err, errDepth) {
		t.Errorf("one deeper: %v", err)
	}
	in.Leave()
	if err := in.Enter(); err != nil {
		t.Errorf("after leaving: %v", err)
	}
}
