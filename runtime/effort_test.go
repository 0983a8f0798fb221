package runtime

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestStep(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]*Call{
		"the caller is gone":    {ctx: over},
		"its own time is up":    {ctx: t.Context(), timeout: time.Nanosecond},
		"in a short deadline":   {ctx: expired(t)},
		"in no time of its own": {ctx: t.Context(), effort: effort{deadline: time.Unix(0, 0)}},
	} {
		var err error
		turns := 0
		for ; err == nil && turns < 10*stepsEach; turns++ {
			err = c.Step()
		}
		if err == nil {
			t.Errorf("%s: %d turns, and it goes on", name, turns)
		}
	}
	c := &Call{ctx: t.Context()}
	for range 10 * stepsEach {
		if err := c.Step(); err != nil {
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
	c := &Call{ctx: t.Context()}
	for range maxDepth {
		if err := c.Enter(); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Enter(); !errors.Is(err, errDepth) {
		t.Errorf("one deeper: %v", err)
	}
	c.Leave()
	if err := c.Enter(); err != nil {
		t.Errorf("after leaving: %v", err)
	}
}
