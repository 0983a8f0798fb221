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
	// Take counts one event of key at the instant now. If the rate is exhausted, it counts nothing and returns false; wait is then the time
	// until an event will be allowed. All events of one key must have the same rate. If Limit is not positive no event is allowed, and wait is
	// Per. A Limiter that cannot count, for example because its server cannot be reached, returns an error. Take returns before the deadline
	// of ctx; if there is none, within a few seconds.
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
