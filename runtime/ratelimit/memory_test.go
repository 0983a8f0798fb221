package ratelimit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/ratelimit/ratelimittest"
)

func TestMemory(t *testing.T) {
	ratelimittest.Run(t, func() ratelimit.Limiter { return ratelimit.NewMemory(nil) })
}

func TestMemoryForgets(t *testing.T) {
	m := ratelimit.NewMemory(nil)
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

// TestMemoryIsBounded counts ever new keys. The account stays within its limit, and a key that is exhausted is not freed by it.
func TestMemoryIsBounded(t *testing.T) {
	const most = 256 << 10
	g := govern.New(limits.Values{limits.MaxRateMemory: most}, 1<<30, nil)
	memory := g.Account(limits.MaxRateMemory)
	m := ratelimit.NewMemory(memory)
	now := time.UnixMilli(0)
	take := func(key string, limit int) bool {
		ok, _, err := m.Take(t.Context(), key, ratelimit.Rate{Limit: limit, Per: time.Hour}, now)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !take("mine", 1) || take("mine", 1) {
		t.Fatal("one event is allowed")
	}
	for i := range 20_000 {
		take(fmt.Sprint("other ", i), 5)
		if used := memory.Used(); used > most {
			t.Fatalf("%d bytes are in use", used)
		}
	}
	if take("mine", 1) {
		t.Error("an exhausted key was forgotten")
	}
	if m.Len() < 100 || g.ReachedTotal(limits.MaxRateMemory) == 0 {
		t.Errorf("%d keys, %d times reached", m.Len(), g.ReachedTotal(limits.MaxRateMemory))
	}
	now = now.Add(2 * time.Hour)
	for i := range 20_000 {
		take(fmt.Sprint("other ", i), 5)
	}
	if used := memory.Used(); used > most || used < 0 {
		t.Errorf("%d bytes are in use", used)
	}
}
