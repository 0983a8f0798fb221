package ratelimit

import (
	"container/list"
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/govern"
)

// Memory is the Limiter of one process. It is exact: no period of the length Per ever has more than Limit events. For each key it keeps the
// instants that it has counted, at most as many as the limit. If its account is full, it forgets keys that were not used for longest; those
// whose rate is exhausted outlive others, so nobody frees a key by using many others.
type Memory struct {
	seed   maphash.Seed
	memory *govern.Account // nil: not bounded
	shards [16]shard
}

type shard struct {
	mu      sync.Mutex
	memory  *govern.Account
	logs    map[string]*list.Element // of *log
	used    list.List                // the logs; the first was used longest ago
	sweepAt int                      // number of logs at which expired ones are dropped
}

// log is a ring buffer of instants in Unix milliseconds. The oldest is at next.
type log struct {
	key     string
	times   []int64
	next    int
	per     int64
	limit   int
	counted int64 // bytes that are counted in the account
}

const (
	minSweep = 256
	// logSize is what a log takes besides its key and its instants, in bytes.
	logSize = 240
	// maxSpared is how many exhausted logs are passed over to find one that can be forgotten.
	maxSpared = 16
)

// NewMemory makes a limiter that has counted nothing. memory counts its bytes and bounds them; nil for no bound.
func NewMemory(memory *govern.Account) *Memory {
	m := &Memory{seed: maphash.MakeSeed(), memory: memory}
	for i := range m.shards {
		m.shards[i].memory, m.shards[i].logs, m.shards[i].sweepAt = memory, map[string]*list.Element{}, minSweep
	}
	return m
}

// Take is part of Limiter. It never fails.
func (m *Memory) Take(_ context.Context, key string, r Rate, now time.Time) (bool, time.Duration, error) {
	s := &m.shards[maphash.String(m.seed, key)%uint64(len(m.shards))]
	at := now.UnixMilli()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.logs[key]
	if e == nil {
		if r.Limit <= 0 {
			return false, r.Per, nil
		}
		s.sweep(at)
		e = s.used.PushBack(&log{key: key, per: r.Per.Milliseconds(), limit: r.Limit})
		s.logs[key] = e
	} else {
		s.used.MoveToBack(e)
	}
	l := e.Value.(*log)
	if len(l.times) < r.Limit {
		l.times = append(l.times, at)
		s.count(l)
		s.shrink(e, at)
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

// count counts the bytes of a log in the account. It needs the lock, as do those below.
func (s *shard) count(l *log) {
	if s.memory == nil {
		return
	}
	bytes := int64(logSize + len(l.key) + 8*cap(l.times))
	s.memory.Add(bytes - l.counted)
	l.counted = bytes
}

// shrink forgets logs other than the one that was just used, until the account has room.
func (s *shard) shrink(newest *list.Element, at int64) {
	for s.memory != nil && s.memory.Used() > s.memory.Limit() {
		oldest := s.used.Front()
		if oldest == newest {
			return
		}
		s.memory.Reached()
		spared := oldest
		for range maxSpared {
			if spared == newest || !spared.Value.(*log).exhausted(at) {
				break
			}
			spared = spared.Next()
		}
		if spared != newest && !spared.Value.(*log).exhausted(at) {
			oldest = spared
		}
		s.forget(oldest)
	}
}

func (s *shard) forget(e *list.Element) {
	l := e.Value.(*log)
	delete(s.logs, l.key)
	s.used.Remove(e)
	if s.memory != nil {
		s.memory.Add(-l.counted)
	}
}

// exhausted reports whether the next event would be refused.
func (l *log) exhausted(at int64) bool { return len(l.times) >= l.limit && l.times[l.next]+l.per > at }

// sweep drops the logs whose events have all expired. It runs each time the number of logs has doubled, so its amortized cost is constant.
func (s *shard) sweep(at int64) {
	if len(s.logs) < s.sweepAt {
		return
	}
	for e := s.used.Front(); e != nil; {
		next := e.Next()
		l := e.Value.(*log)
		if newest := l.times[(l.next+len(l.times)-1)%len(l.times)]; newest+l.per <= at {
			s.forget(e)
		}
		e = next
	}
	s.sweepAt = max(minSweep, 2*len(s.logs))
}
