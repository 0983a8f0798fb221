package sqlite

import (
	"time"
)

// Defaults of the bounds in Options. They suit a small server.
const (
	defaultMaxWrites     = 32_768
	defaultMaxWritesEach = 4096
	// A write that takes longer than this delays everybody else's by as much. It is ten times what a person notices, and a thousand times
	// what a usual call takes; what takes longer can be split.
	defaultMaxWriteTime = time.Second
	defaultReaders      = 4
	defaultMaxReads     = 4096
	defaultMaxReadsEach = 256
	// Reads do not hold up writes, and half of the readers are kept from long ones, so this can be longer.
	defaultMaxReadTime = 5 * time.Second
	defaultMaxReadWait = 5 * time.Second
	// What took longer than slowRead the last time is a long read, for slowFor.
	slowRead = 50 * time.Millisecond
	slowFor  = 10 * time.Second
)

// fill sets the bounds that are not set to their defaults.
func (o *Options) fill() {
	orDefault(&o.MaxWrites, defaultMaxWrites)
	orDefault(&o.MaxWritesEach, defaultMaxWritesEach)
	orDefault(&o.MaxWriteTime, defaultMaxWriteTime)
	orDefault(&o.Readers, defaultReaders)
	orDefault(&o.MaxReads, defaultMaxReads)
	orDefault(&o.MaxReadsEach, defaultMaxReadsEach)
	orDefault(&o.MaxReadTime, defaultMaxReadTime)
	orDefault(&o.MaxReadWait, defaultMaxReadWait)
}

func orDefault[T int | time.Duration](field *T, value T) {
	if *field == 0 {
		*field = value
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
