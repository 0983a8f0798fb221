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

func TestIDs(t *testing.T) {
	const k = "0190a5f0-0000-7000-8000-000000000001"
	now := time.UnixMilli(1_700_000_000_000)
	a, ok := parseSeed(k)
	b, _ := parseSeed(k)
	if !ok {
		t.Fatal("the seed is refused")
	}
	last := ""
	for range 5000 { // past the 12 bits of the counter
		id := a.next(now, nil)
		if again := b.next(now.Add(time.Hour), nil); again != id {
			t.Fatalf("%s and %s from one seed", id, again)
		}
		if id <= last || len(id) != 36 || id[14] != '7' {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id
	}
	var fresh growing
	last = ""
	for i := range 5000 { // each by a call of its own, with a clock that goes back
		var c idSource
		id := c.next(now.Add(-time.Duration(i)*time.Second), &fresh)
		if id <= last || id[14] != '7' {
			t.Fatalf("%s follows %s", id, last)
		}
		last = id
	}
	for _, bad := range []string{"", "x", "0190a5f0-0000-4000-8000-000000000001", "{0190a5f0-0000-7000-8000-000000000001}", "0190a5f000007000800000000000000 1"} {
		if _, ok := parseSeed(bad); ok {
			t.Errorf("%q is taken as a seed", bad)
		}
	}
}
