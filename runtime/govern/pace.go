package govern

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/livec-lang/livec/limits"
)

const (
	// burst is how much may come at once: what a limit allows in this time.
	burst = 4 * time.Second
	// maxDebt bounds how long one waits for what was taken.
	maxDebt = 4 * time.Second

	minPaces = 256
)

// began is the zero of the time of buckets, which is monotonic.
var began = time.Now()

// Now is the time for buckets, since the process has started.
func Now() time.Duration { return time.Since(began) }

// Bucket is a token bucket (https://en.wikipedia.org/wiki/Token_bucket): it knows when it will be full again. The zero value is full.
type Bucket time.Duration

// owe takes n at a rate in a second, and returns how long to wait until that is paid.
func (b *Bucket) owe(n, rate int64, now time.Duration) time.Duration {
	at := min(max(time.Duration(*b), now)+cost(n, rate), now+burst+maxDebt)
	*b = Bucket(at)
	return max(0, at-now-burst)
}

// take takes n, unless one has to wait for that. Then it takes nothing.
func (b *Bucket) take(n, rate int64, now time.Duration) (wait time.Duration) {
	at := max(time.Duration(*b), now) + cost(n, rate)
	if wait = at - now - burst; wait > 0 {
		return min(wait, maxDebt)
	}
	*b = Bucket(at)
	return 0
}

// cost is the time in which n come at a rate.
func cost(n, rate int64) time.Duration {
	return time.Duration(min(float64(n)*float64(time.Second)/float64(max(1, rate)), float64(time.Hour)))
}

// Owe takes n of a limit that counts for each connection, and returns how long that connection has to wait.
func (g *Governor) Owe(id limits.ID, b *Bucket, n int64, now time.Duration) time.Duration {
	wait := b.owe(n, g.values[id], now)
	if wait > 0 {
		g.Reached(id)
	}
	return wait
}

// Pace counts what comes in a second, by key, such as for each user. It keeps only keys of the last seconds. Its methods may be called
// from any goroutine.
type Pace struct {
	governor *Governor
	id       limits.ID
	seed     maphash.Seed
	shards   [16]paceShard
}

type paceShard struct {
	mu      sync.Mutex
	buckets map[string]Bucket
	sweepAt int
}

// Pace starts counting for a limit of what comes in a second.
func (g *Governor) Pace(id limits.ID) *Pace {
	p := &Pace{governor: g, id: id, seed: maphash.MakeSeed()}
	for i := range p.shards {
		p.shards[i] = paceShard{buckets: map[string]Bucket{}, sweepAt: minPaces}
	}
	return p
}

// Owe takes n for a key, and returns how long to wait until that is paid.
func (p *Pace) Owe(key string, n int64) (wait time.Duration) {
	return p.with(key, func(b *Bucket, rate int64, now time.Duration) time.Duration { return b.owe(n, rate, now) })
}

// Take takes n for a key, unless one has to wait for that. Then it takes nothing, and returns how long.
func (p *Pace) Take(key string, n int64) (wait time.Duration) {
	return p.with(key, func(b *Bucket, rate int64, now time.Duration) time.Duration { return b.take(n, rate, now) })
}

func (p *Pace) with(key string, use func(b *Bucket, rate int64, now time.Duration) time.Duration) time.Duration {
	s, now := &p.shards[maphash.String(p.seed, key)%uint64(len(p.shards))], Now()
	s.mu.Lock()
	b := s.buckets[key]
	wait := use(&b, p.governor.values[p.id], now)
	s.buckets[key] = b
	if len(s.buckets) > s.sweepAt {
		for k, b := range s.buckets {
			if time.Duration(b) <= now {
				delete(s.buckets, k) // it is full, as one that is not there
			}
		}
		s.sweepAt = max(minPaces, 2*len(s.buckets))
	}
	s.mu.Unlock()
	if wait > 0 {
		p.governor.Reached(p.id)
	}
	return wait
}

// Len is the number of keys that are kept.
func (p *Pace) Len() int {
	n := 0
	for i := range p.shards {
		s := &p.shards[i]
		s.mu.Lock()
		n += len(s.buckets)
		s.mu.Unlock()
	}
	return n
}
