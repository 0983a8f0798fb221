package runtime

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSlidingWindows compares with the definition: an event counts unless limit events were counted within the span before it.
func TestSlidingWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 5).Draw(t, "limit")
		const per = 10 * time.Second
		s := newSlidingWindows()
		now := time.UnixMilli(1_000_000)
		counted := map[string][]time.Time{}
		for range rapid.IntRange(1, 80).Draw(t, "n") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "pause")) * time.Millisecond)
			key := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")
			var within []time.Time
			for _, at := range counted[key] {
				if now.Sub(at) < per {
					within = append(within, at)
				}
			}
			ok, wait := s.Take(key, limit, per, now)
			if ok != (len(within) < limit) {
				t.Fatalf("with %d of %d: %v", len(within), limit, ok)
			}
			if ok {
				counted[key] = append(counted[key], now)
			} else if want := within[len(within)-limit].Add(per).Sub(now); wait != want {
				t.Fatalf("waits %v, want %v", wait, want)
			}
		}
	})
}

func TestSlidingWindowsForget(t *testing.T) {
	s := newSlidingWindows()
	now := time.UnixMilli(0)
	for i := range 100_000 {
		now = now.Add(time.Millisecond)
		s.Take(fmt.Sprint(i), 1, time.Second, now)
	}
	total := 0
	for i := range s.shards {
		total += len(s.shards[i].windows)
	}
	if total > 16*2*minSweep {
		t.Errorf("%d windows are kept where 1000 matter", total)
	}
}
