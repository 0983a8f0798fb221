package conn

import (
	"errors"
	"time"

	"github.com/livec-lang/livec/runtime/internal/identity"
)

// errExpired tells that a session or token that a connection spoke under has ended.
var errExpired = errors.New("the session or token of this connection has ended")

// lapse is the timer of a connection for the first instant at which something that it rests on runs out. The connection's lock guards it.
type lapse struct {
	at   time.Time // zero for none
	stop func() bool
}

// watchTime sets the timer of the connection to what its identity and its subscriptions rest on. It needs the connection's lock.
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
	if c.lapse.stop != nil {
		c.lapse.stop()
	}
	c.lapse = lapse{at: at}
	if at.IsZero() {
		return
	}
	c.lapse.stop = c.conns.cfg.Clock.Timers().AfterFunc(at.Sub(c.conns.cfg.Runner.Now()), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.gone.Load() {
			c.jobs.add(c.lapsed)
		}
	})
}

// lapsed asks again for what has run out: who the connection is, and what its subscriptions may see.
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
	c.lapse.at = time.Time{} // it has run
	c.watchTime()
}

// inForce tells whether the connection still is who it was found to be. Where a session or token has run out by now, whether or not the
// timer has said so, it asks again: then it is false if the connection is closed for that.
func (c *Conn) inForce() bool {
	if who := c.who.Load(); who == nil || !who.Expired(c.conns.cfg.Runner) {
		return true
	}
	return c.identifyAgain()
}
