package idempotency

import (
	"sync"
	"time"
)

const (
	// usagePeriod is in which time a caller may store MaxEach bytes.
	usagePeriod     = 10 * time.Minute
	defaultMaxEach  = 64 << 20
	defaultMaxTotal = 1 << 30
	rowOverhead     = 160 // bytes that a row has besides its answer, about
	minUsages       = 1024
)

// usage counts the bytes that callers have stored of late, and those that all have stored since the server was started. The zero value is
// ready to use; it is safe for concurrent use.
type usage struct {
	mu      sync.Mutex
	callers map[string]stored
	pruneAt int
	total   int
}

// stored is what a caller has stored at an instant. It leaks at a steady rate, to 0 within usagePeriod.
type stored struct {
	bytes float64
	at    time.Time
}

func (s stored) left(now time.Time, limit int) float64 {
	return max(0, s.bytes-float64(limit)*now.Sub(s.at).Seconds()/usagePeriod.Seconds())
}

// wait is how long a caller must wait before it may store more; 0: not at all.
func (u *usage) wait(caller string, now time.Time, limit int) time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	over := u.callers[caller].left(now, limit) - float64(limit)
	if over < 0 {
		return 0
	}
	return time.Second + time.Duration(over/float64(limit)*float64(usagePeriod))
}

// add counts bytes of a caller.
func (u *usage) add(caller string, bytes int, now time.Time, limit int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.total += bytes
	if u.callers == nil {
		u.callers, u.pruneAt = map[string]stored{}, minUsages
	}
	if len(u.callers) >= u.pruneAt {
		for key, s := range u.callers {
			if s.left(now, limit) == 0 {
				delete(u.callers, key)
			}
		}
		u.pruneAt = max(minUsages, 2*len(u.callers))
	}
	s := u.callers[caller]
	u.callers[caller] = stored{s.left(now, limit) + float64(bytes), now}
}

// over reports whether more than limit bytes are stored.
func (u *usage) over(limit int) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.total > limit
}

// drop counts bytes that were deleted.
func (u *usage) drop(bytes int) {
	u.mu.Lock()
	u.total = max(0, u.total-bytes) // rows of earlier runs were not counted
	u.mu.Unlock()
}
