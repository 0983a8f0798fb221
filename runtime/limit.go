package runtime

import "github.com/livec-lang/livec/runtime/ratelimit"

// Rate is one rate clause: at most Limit events within any period of the length Per.
type Rate = ratelimit.Rate

// Limit counts this call under key for the rate clause with this id, and fails with RATE_LIMITED if the rate is exhausted. A call that runs
// again, because its transaction could not commit, counts once.
func (c *Call) Limit(id string, r Rate, key string) error { return c.in.Limit(id, r, key) }

// LimitUser is Limit for the caller: its user or, of an anonymous caller, its address, of which IPv6 counts by its first 64 bits. Anybody
// can open further connections, so these would be no bound.
func (c *Call) LimitUser(id string, r Rate) error {
	if key := c.in.Who.Key; key != "" {
		return c.Limit(id, r, "u"+key)
	}
	return c.Limit(id, r, "a"+c.in.Caller.Network())
}
