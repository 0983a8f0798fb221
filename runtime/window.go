package runtime

import (
	"hash/maphash"
	"sync"
	"time"
)

// slidingWindows is the limiter of one process: for each key the instants of what was counted, as many as the limit at most.
type slidingWindows struct {
	seed   maphash.Seed
	shards [16]windowShard
}

type windowShard struct {
	mu      sync.Mutex
	windows map[string]*slidingWindow
	sweepAt int // number of windows at which those that hold nothing any more are dropped
}

// slidingWindow is a ring of instants in Unix milliseconds, from the oldest at next on.
type slidingWindow struct {
	times []int64
	next  int
	per   int64
}

const minSweep = 256

func newSlidingWindows() *slidingWindows { return &slidingWindows{seed: maphash.MakeSeed()} }

// Take is part of limiter. Exact: at most limit events are ever counted within any span of length per.
func (s *slidingWindows) Take(key string, limit int, per time.Duration, now time.Time) (bool, time.Duration) {
	shard := &s.shards[maphash.String(s.seed, key)%uint64(len(s.shards))]
	at := now.UnixMilli()
	shard.mu.Lock()
	defer shard.mu.Unlock()
	w := shard.windows[key]
	if w == nil {
		if limit <= 0 {
			return false, per
		}
		shard.sweep(at)
		w = &slidingWindow{per: per.Milliseconds()}
		shard.windows[key] = w
	}
	if len(w.times) < limit {
		w.times = append(w.times, at)
		return true, 0
	}
	oldest := w.times[w.next]
	if wait := oldest + w.per - at; wait > 0 {
		return false, time.Duration(wait) * time.Millisecond
	}
	w.times[w.next] = at
	w.next = (w.next + 1) % len(w.times)
	return true, 0
}

// sweep drops windows in which nothing counts any more, now and then, so that its cost is constant on average. It needs the lock.
func (s *windowShard) sweep(at int64) {
	if s.windows == nil {
		s.windows, s.sweepAt = map[string]*slidingWindow{}, minSweep
	}
	if len(s.windows) < s.sweepAt {
		return
	}
	for key, w := range s.windows {
		newest := w.times[(w.next+len(w.times)-1)%len(w.times)]
		if newest+w.per <= at {
			delete(s.windows, key)
		}
	}
	s.sweepAt = max(minSweep, 2*len(s.windows))
}
