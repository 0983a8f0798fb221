// Package ratelimittest is the conformance suite of package ratelimit.
package ratelimittest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/ratelimit"
)

// Run runs the suite on limiters that open makes; each must have counted nothing.
func Run(t *testing.T, open func() ratelimit.Limiter) {
	t.Run("counts exactly", func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { exact(t, open()) }) })
	t.Run("refuses what never fits", func(t *testing.T) { never(t, open()) })
	t.Run("is safe for concurrent use", func(t *testing.T) { concurrent(t, open()) })
}

// exact compares with the definition: an event is allowed unless Limit events were counted within the period before it.
func exact(t *rapid.T, l ratelimit.Limiter) {
	r := ratelimit.Rate{Limit: rapid.IntRange(1, 5).Draw(t, "limit"), Per: 10 * time.Second}
	now := time.UnixMilli(1_000_000)
	counted := map[string][]time.Time{}
	for range rapid.IntRange(1, 80).Draw(t, "n") {
		now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
		key := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")
		var within []time.Time
		for _, at := range counted[key] {
			if now.Sub(at) < r.Per {
				within = append(within, at)
			}
		}
		ok, wait, err := l.Take(context.Background(), key, r, now)
		switch {
		case err != nil:
			t.Fatal(err)
		case ok != (len(within) < r.Limit):
			t.Fatalf("with %d of %d: %v", len(within), r.Limit, ok)
		case ok:
			counted[key] = append(counted[key], now)
		default:
			if want := within[len(within)-r.Limit].Add(r.Per).Sub(now); wait != want {
				t.Fatalf("waits %v, want %v", wait, want)
			}
		}
	}
}

func never(t *testing.T, l ratelimit.Limiter) {
	ok, wait, err := l.Take(t.Context(), "a", ratelimit.Rate{Per: time.Minute}, time.UnixMilli(0))
	if ok || wait != time.Minute || err != nil {
		t.Errorf("a rate of 0 gives %v, %v, %v", ok, wait, err)
	}
}

func concurrent(t *testing.T, l ratelimit.Limiter) {
	const callers, each, limit = 8, 50, 100
	var fitted atomic.Int64
	var all sync.WaitGroup
	now := time.UnixMilli(1_000_000)
	for range callers {
		all.Go(func() {
			for range each {
				ok, _, err := l.Take(t.Context(), "a", ratelimit.Rate{Limit: limit, Per: time.Minute}, now)
				if err != nil {
					t.Error(err)
				}
				if ok {
					fitted.Add(1)
				}
			}
		})
	}
	all.Wait()
	if fitted.Load() != limit {
		t.Errorf("%d events fit into a limit of %d", fitted.Load(), limit)
	}
}
