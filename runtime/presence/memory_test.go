package presence_test

import (
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/presence/presencetest"
)

func TestMemory(t *testing.T) {
	presencetest.Run(t, func(_ *testing.T, grace time.Duration) presencetest.Backend {
		c := clock.NewManual(time.Unix(1000, 0))
		m := presence.NewMemory(c, grace)
		return presencetest.Backend{
			Join:    func() presence.Manager { return m },
			Advance: func(d time.Duration) { c.Advance(d, nil) },
		}
	})
}

// TestMemoryCleansUp checks that no timer is left that nobody needs.
func TestMemoryCleansUp(t *testing.T) {
	c := clock.NewManual(time.Unix(1000, 0))
	m := presence.NewMemory(c, time.Second)
	r := presence.Room{Kind: "a"}
	want := func(timers int) {
		t.Helper()
		if n := c.Timers(); n != timers {
			t.Errorf("%d timers, want %d", n, timers)
		}
	}
	for range 2 {
		if err := m.Add(t.Context(), r, presence.Member{Key: "ann"}); err != nil {
			t.Fatal(err)
		}
		want(0)
		if err := m.Remove(t.Context(), r, "ann"); err != nil {
			t.Fatal(err)
		}
		want(1)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	want(0)
}
