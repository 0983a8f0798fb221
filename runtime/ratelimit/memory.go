package ratelimit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// Memory is the Limiter of one process. It is exact: no period of the length Per ever has more than Limit events. For each key it keeps the
// instants that it has counted, at most as many as the limit.
type Memory struct {
	seed   maphash.Seed
	shards [16]shard
}

type shard struct {
	mu      sync.Mutex
	logs    map[string]*log
	sweepAt int // number of logs at which expired ones are dropped
}

// log is a ring buffer of instants in Unix milliseconds. The oldest is at next.
type log struct {
	times []int64
	next  int
	per   int64
}

const minSweep = 256

// NewMemory makes a limiter that has counted nothing.
func NewMemory() *Memory { return &Memory{seed: maphash.MakeSeed()} }

// Take is part of Limiter. It never fails.
func (m *Memory) Take(_ context.Context, key string, r Rate, now time.Time) (bool, time.Duration, error) {
	s := &m.shards[maphash.String(m.seed, key)%uint64(len(m.shards))]
	at := now.UnixMilli()
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.logs[key]
	if l == nil {
		if r.Limit <= 0 {
			return false, r.Per, nil
		}
		s.sweep(at)
		l = &log{per: r.Per.Milliseconds()}
		s.logs[key] = l
	}
	if len(l.times) < r.Limit {
		l.times = append(l.times, at)
		return true, 0, nil
	}
	if wait := l.times[l.next] + l.per - at; wait > 0 {
		return false, time.Duration(wait) * time.Millisecond, nil
	}
	l.times[l.next] = at
	l.next = (l.next + 1) % len(l.times)
	return true, 0, nil
}

// Len is the number of keys that the limiter keeps.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += len(s.logs)
		s.mu.Unlock()
	}
	return n
}

// sweep drops the logs whose events have all expired. It runs each time the number of logs has doubled, so its amortized cost is constant.
// It needs the lock.
func (s *shard) sweep(at int64) {
	if s.logs == nil {
		s.logs, s.sweepAt = map[string]*log{}, minSweep
	}
	if len(s.logs) < s.sweepAt {
		return
	}
	for key, l := range s.logs {
		newest := l.times[(l.next+len(l.times)-1)%len(l.times)]
		if newest+l.per <= at {
			delete(s.logs, key)
		}
	}
	s.sweepAt = max(minSweep, 2*len(s.logs))
}
