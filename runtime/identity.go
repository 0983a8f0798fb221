package runtime

import "github.com/livec-lang/livec/runtime/internal/identity"

// identify asks the app who the connection is, and again whenever a row changes that the answer was read from.
func (c *conn) identify() error {
	c.asking.Lock()
	defer c.asking.Unlock()
	return c.ask()
}

// ask needs the lock of asking.
func (c *conn) ask() error {
	if c.gone.Load() {
		return nil
	}
	if who := c.given; who != nil || !c.server.runner.Upgrades() {
		if who == nil {
			who = &identity.Identity{}
		}
		c.who.Store(who)
		return c.server.users.Join(c.ctx, who.Key, c.outbound)
	}
	who, unwatched, err := c.server.runner.IdentifyWatched(c.ctx, &c.caller, c.outdated)
	old := c.who.Load()
	lapsed := old != nil && old.Proof != who.Proof
	if err == nil && !lapsed {
		c.who.Store(who)
	}
	if old != nil {
		old.Stale.Store(true) // before its watch ends
	}
	if c.unwatched != nil {
		c.unwatched()
	}
	c.unwatched = unwatched
	if lapsed {
		return errLapsed // also where upgrade refuses the caller now: it may come back with another token
	}
	if err != nil {
		return err
	}
	if old == nil {
		if err := c.server.users.Join(c.ctx, who.Key, c.outbound); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchTime()
	return nil
}
