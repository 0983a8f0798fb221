package sqlite

import (
	"time"

	"github.com/livec-lang/livec/limits"
)

// What took longer than slowRead the last time is a long read, for slowFor.
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

// slow remembers which entry points took long the last time. Its owner guards it.
type slow struct {
	over  time.Duration
	until map[string]time.Time
}

// maxSlow bounds the entry points that are remembered. Their names come from the program, so there are few.
const maxSlow = 4096

func newSlow(over time.Duration) slow { return slow{over: over, until: map[string]time.Time{}} }

// is reports whether an entry point has taken long of late.
func (s *slow) is(name string) bool {
	if len(s.until) == 0 || name == "" {
		return false
	}
	until, known := s.until[name]
	if known && time.Now().After(until) {
		delete(s.until, name)
		return false
	}
	return known
}

// took notes how long a transaction of an entry point has taken.
func (s *slow) took(name string, d time.Duration, now time.Time) {
	if d > s.over && name != "" && len(s.until) < maxSlow {
		s.until[name] = now.Add(slowFor)
	}
}
