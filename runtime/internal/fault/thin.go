package fault

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	thinEach = 10 * time.Second // between two lines of one kind
	maxKinds = 1024             // kinds of lines that are remembered
)

// Thin logs lines of one kind at most once in 10 seconds, so that a fault that many calls meet does not fill the log. A line says how many
// were left out before it. The zero value is ready to use; it is safe for concurrent use.
type Thin struct {
	mu    sync.Mutex
	kinds map[string]*thinned
	now   func() time.Time // for tests; nil: time.Now
}

type thinned struct {
	last    time.Time
	skipped int
}

// Log logs a line of a kind, unless another one was logged shortly before.
func (t *Thin) Log(log *slog.Logger, level slog.Level, kind, message string, args ...any) {
	skipped, ok := t.take(kind)
	if !ok {
		return
	}
	if skipped > 0 {
		args = append(args[:len(args):len(args)], "left_out", skipped)
	}
	log.Log(context.Background(), level, message, args...)
}

// take reports whether a line of a kind may be logged, and how many were left out before it.
func (t *Thin) take(kind string) (skipped int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.now != nil {
		now = t.now()
	}
	k := t.kinds[kind]
	switch {
	case k == nil:
		if t.kinds == nil || len(t.kinds) >= maxKinds {
			t.kinds = map[string]*thinned{}
		}
		t.kinds[kind] = &thinned{last: now}
		return 0, true
	case now.Sub(k.last) < thinEach:
		k.skipped++
		return 0, false
	}
	skipped, k.skipped, k.last = k.skipped, 0, now
	return skipped, true
}
