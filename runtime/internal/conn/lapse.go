package conn

import (
	"errors"
	"time"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/linger"
)

// errExpired is the error of a connection whose session or token has expired.
var errExpired = errors.New("the session or token of this connection has ended")

// lapse is the timer for the first instant at which a session or token that a connection relies on expires. The connection's lock guards
// it.
type lapse struct {
	at    time.Time // zero for none
	timer linger.Timer
}

// watchTime sets the timer for the identity and the subscriptions of the connection. The caller holds the connection's lock.
func (c *Conn) watchTime() {
	var at time.Time
	sooner := func(st *identity.Credentials) {
		if !st.Until.IsZero() && (at.IsZero() || st.Until.Before(at)) {
			at = st.Until
		}
	}
	if who := c.who.Load(); who != nil {
		sooner(&who.Credentials)
	}
	for _, sub := range c.subs {
		sooner(&sub.Credentials)
	}
	if c.gone.Load() {
		at = time.Time{}
	}
	if at.Equal(c.lapse.at) {
		return
	}
	c.lapse.at = at
	if at.IsZero() {
		c.lapse.timer.Stop()
		return
	}
	c.lapse.timer.Set(c.conns.cfg.Clock.Timers(), at.Sub(c.conns.cfg.Runner.Now()), &c.mu, func() {
		if !c.gone.Load() {
			c.jobs.add(c.lapsed)
		}
	})
}

// lapsed asks for the identity, and checks the subscriptions, that rely on something that has expired.
func (c *Conn) lapsed() {
	if !c.inForce() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, sub := range c.subs {
		if sub.Expired(c.conns.cfg.Runner) {
			sub.outbound.Hold()
			c.recheck(sub)
		}
	}
	c.lapse.at = time.Time{} // the timer has run
	c.watchTime()
}

// inForce reports whether the connection still belongs to its user. If a session or token has expired, whether or not the timer has run, it
// asks again, and returns false if that has closed the connection.
func (c *Conn) inForce() bool {
	if who := c.who.Load(); who == nil || !who.Expired(c.conns.cfg.Runner) {
		return true
	}
	return c.identifyAgain()
}
