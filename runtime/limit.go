package runtime

import (
	"context"
	"strconv"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/ratelimit"
)

// Rate is one rate clause: at most Limit events within any span of the length Per.
type Rate = ratelimit.Rate

// Limit counts this call under key for the rate clause that id names, and fails with RATE_LIMITED when the clause's limit is reached. A
// call that runs again, because its transaction could not commit, counts once.
func (c *Call) Limit(id string, r Rate, key string) error {
	full := id + "\x00" + key
	for _, k := range c.limited {
		if k == full {
			return nil
		}
	}
	ok, wait, err := c.limits.Take(c.ctx, full, r, c.Now())
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.RateLimited(r, wait)
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

// rateByIP counts an event of an address for the rate clauses of an entry point.
func (s *Server) rateByIP(ctx context.Context, entry string, rates []Rate, c *caller) error {
	for i, r := range rates {
		if err := s.takeRate(ctx, entry+"\x00ip"+strconv.Itoa(i)+"\x00"+c.ip, r); err != nil {
			return err
		}
	}
	return nil
}

// takeRate counts one event of key, and fails with RATE_LIMITED when the rate is exhausted.
func (s *Server) takeRate(ctx context.Context, key string, r Rate) error {
	ok, wait, err := s.limits.Take(ctx, key, r, s.now())
	if err == nil && !ok {
		err = fault.RateLimited(r, wait)
	}
	return err
}
