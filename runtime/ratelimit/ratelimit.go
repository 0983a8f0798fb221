// Package ratelimit counts events against limits. Memory counts for one process; another implementation may count for several servers, if
// it passes the suite in package ratelimittest.
package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// Rate allows Limit events within any period of the length Per.
type Rate struct {
	Limit int
	Per   time.Duration
}

// Limiter counts events by key. It is safe for concurrent use.
type Limiter interface {
	// Take counts one event of key at the instant now, unless the rate is exhausted. Then ok is false, nothing is counted, and wait is how
	// long it takes until an event will fit. All events of one key are counted by the same rate. An event of a rate whose Limit is not
	// positive never fits; wait is Per. A Limiter that cannot count, such as one whose server is not reachable, gives an error. It returns
	// before the deadline of ctx, and within a few seconds where that has none.
	Take(ctx context.Context, key string, r Rate, now time.Time) (ok bool, wait time.Duration, err error)
}

// String is the rate for people, such as "5 in 1m".
func (r Rate) String() string { return fmt.Sprintf("%d in %s", r.Limit, span(r.Per)) }

// span writes a duration as the language does: 1m and not 1m0s.
func span(d time.Duration) string {
	switch {
	case d >= 24*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}
