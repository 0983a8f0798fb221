package sqlite

import (
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/store"
)

// What takes longer than slowRead is a long read, for slowFor since the last one.
const (
	slowRead = 50 * time.Millisecond
	slowFor  = 10 * time.Second
)

// bounds are the limits of a store.
type bounds struct {
	writes, writesEach     int // calls that wait for the writer; of one caller
	readers                int // connections for calls, and as many for what the server reads itself; checks have half as many
	reads, readsEach       int // reads of a kind that wait; of one caller
	writeTime              time.Duration
	readTime, readWaitTime time.Duration
}

func newBounds(set limits.Values) bounds {
	v := set.Full(0)
	return bounds{
		writes: int(v[limits.MaxWrites]), writesEach: int(v[limits.MaxWritesPerCaller]),
		readers: int(v[limits.Readers]), reads: int(v[limits.MaxReads]), readsEach: int(v[limits.MaxReadsPerCaller]),
		writeTime: limits.Time(v[limits.MaxWriteTime]),
		readTime:  limits.Time(v[limits.MaxReadTime]), readWaitTime: limits.Time(v[limits.MaxReadWait]),
	}
}

// overloaded is the error of what a queue does not admit. It names the limit that is reached: that of all, or that of one caller.
func overloaded(q interface{ Full() bool }, all, each limits.ID) error {
	over := &store.Overloaded{Limit: each, RetryAfter: retryAfter}
	if q.Full() {
		over.Limit = all
	}
	return over
}

// slow remembers which entry points take long: how long on average, of late. What is short as a rule and takes long once, since the machine
// is busy, does not count as long. Its owner guards it.
type slow struct {
	over time.Duration
	of   map[string]pace
}

// pace is how long an entry point takes.
type pace struct {
	mean  time.Duration
	until time.Time // when it is forgotten
}

// maxSlow bounds the entry points that are remembered. Their names come from the program, so there are few.
const maxSlow = 4096

func newSlow(over time.Duration) slow { return slow{over: over, of: map[string]pace{}} }

// is reports whether an entry point has taken long of late.
func (s *slow) is(name string) bool {
	if len(s.of) == 0 || name == "" {
		return false
	}
	p, known := s.of[name]
	if known && time.Now().After(p.until) {
		delete(s.of, name)
		return false
	}
	return known && p.mean > s.over
}

// took notes how long a transaction of an entry point has taken. Each counts a quarter.
func (s *slow) took(name string, d time.Duration, now time.Time) {
	if d <= s.over && len(s.of) == 0 {
		return
	}
	p, known := s.of[name]
	if !known && d <= s.over {
		return
	}
	s.note(name, p.mean+(d-p.mean)/4, now)
}

// goesOn notes that a transaction of an entry point has taken so long and is not over.
func (s *slow) goesOn(name string, d time.Duration, now time.Time) {
	s.note(name, max(d, s.of[name].mean), now)
}

func (s *slow) note(name string, mean time.Duration, now time.Time) {
	switch _, known := s.of[name]; {
	case mean < s.over/8:
		delete(s.of, name)
	case known || name != "" && len(s.of) < maxSlow:
		s.of[name] = pace{mean, now.Add(slowFor)}
	}
}
