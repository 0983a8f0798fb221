package runtime

import (
	"fmt"
	"time"
)

// limiter counts events in sliding windows. Take counts one event of key and reports whether it fits under limit within per, and if not, how long until one will.
type limiter interface {
	Take(key string, limit int, per time.Duration, now time.Time) (ok bool, wait time.Duration)
}

// Limit counts this call under key for the rate clause that id names, and fails with RATE_LIMITED when the clause's limit is reached. A call that is run again, because
// its transaction could not commit, counts once.
func (c *Call) Limit(id string, r Rate, key string) error {
	full := id + "\x00" + key
	for _, k := range c.limited {
		if k == full {
			return nil
		}
	}
	ok, wait := c.limits.Take(full, r.Limit, r.Per, c.Now())
	if !ok {
		return rateLimited(r, wait)
	}
	c.limited = append(c.limited, full)
	return nil
}

// LimitUser is Limit for the caller: its user or, of an anonymous caller, its connection.
func (c *Call) LimitUser(id string, r Rate) error {
	if c.userKey != "" {
		return c.Limit(id, r, "u"+c.userKey)
	}
	return c.Limit(id, r, "c"+c.caller.key)
}

func rateLimited(r Rate, wait time.Duration) *Error {
	return &Error{Code: CodeRateLimited, Message: fmt.Sprintf("At most %d in %s; try again later", r.Limit, shortDuration(r.Per)), RetryAfter: wait}
}

// shortDuration writes a duration as the language does: 1m and not 1m0s.
func shortDuration(d time.Duration) string {
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
