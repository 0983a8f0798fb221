package ratelimit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/ratelimit/ratelimittest"
)

func TestMemory(t *testing.T) {
	ratelimittest.Run(t, func() ratelimit.Limiter { return ratelimit.NewMemory() })
}

func TestMemoryForgets(t *testing.T) {
	m := ratelimit.NewMemory()
	now := time.UnixMilli(0)
	for i := range 100_000 {
		now = now.Add(time.Millisecond)
		if _, _, err := m.Take(t.Context(), fmt.Sprint(i), ratelimit.Rate{Limit: 1, Per: time.Second}, now); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.Len(); n > 16*2*256 {
		t.Errorf("%d keys are kept where 1000 matter", n)
	}
}

func TestRateString(t *testing.T) {
	for want, r := range map[string]ratelimit.Rate{
		"5 in 1m":    {Limit: 5, Per: time.Minute},
		"1 in 2d":    {Limit: 1, Per: 48 * time.Hour},
		"3 in 1h":    {Limit: 3, Per: time.Hour},
		"10 in 1.5s": {Limit: 10, Per: 1500 * time.Millisecond},
	} {
		if got := r.String(); got != want {
			t.Errorf("%#v is written %s, want %s", r, got, want)
		}
	}
}
