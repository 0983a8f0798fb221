package conn

import (
	"context"
	"reflect"
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// Identify asks the app who the connection is, and again whenever a row changes that the answer was read from.
func (c *Conn) Identify() error {
	c.asking.Lock()
	defer c.asking.Unlock()
	return c.ask()
}

// ask is Identify for who holds the lock of asking.
func (c *Conn) ask() error {
	if c.gone.Load() {
		return nil
	}
	if who := c.assumed; who != nil || !c.conns.cfg.Runner.Upgrades() {
		if who == nil {
			who = &identity.Identity{}
		}
		c.who.Store(who)
		return c.join(who)
	}
	who, unwatched, err := c.conns.cfg.Runner.IdentifyWatched(c.ctx, &c.caller, c.outdated)
	old := c.who.Load()
	expired := old != nil && old.Proof != who.Proof
	if err == nil && !expired {
		c.who.Store(who)
	}
	if old != nil {
		old.Stale.Store(true) // before its watch ends
	}
	if c.unwatched != nil {
		c.unwatched()
	}
	c.unwatched = unwatched
	if expired {
		return errExpired // also where upgrade refuses the caller now: it may come back with another token
	}
	if err != nil {
		return err
	}
	if old == nil {
		if err := c.join(who); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchTime()
	return nil
}

// join makes it known which user the connection speaks for.
func (c *Conn) join(who *identity.Identity) error {
	c.conns.cfg.Feeds.Own(&c.owner, c.stamp())
	return c.conns.cfg.Users.Join(c.ctx, who.Key, c.outbound)
}

// outdated notes that a row has changed from which upgrade has read who the connection is.
func (c *Conn) outdated(who *identity.Identity) {
	who.Stale.Store(true)
	if c.outbound.Hold() {
		c.conns.cfg.Tasks.Go(func() { c.identifyAgain() })
	}
}

// identifyAgain asks who the connection is, since that may have changed. It waits for no other work of the connection before it closes
// one that speaks for another user now. What the connection may see can depend on who it is, so its subscriptions are checked again where
// that has changed.
//
// It returns false if the connection is over.
func (c *Conn) identifyAgain() bool {
	c.asking.Lock()
	defer c.asking.Unlock()
	before := c.who.Load()
	if before == nil || c.gone.Load() {
		return false // it was refused, or is gone
	}
	holds := c.outbound.Check()
	err := fault.Protect(c.ask)
	if c.gone.Load() {
		return false
	}
	if err != nil {
		c.outbound.Close(c.refusal(err))
		return false
	}
	who := c.who.Load()
	if before.Key != who.Key {
		c.outbound.Close(wire.CloseSession, "This connection now belongs to another user")
		return false
	}
	changed := !reflect.DeepEqual(before.User, who.User)
	between := holds > 1 || before.Reads.Digest != who.Reads.Digest // it may have been somebody else for a while
	c.mu.Lock()
	defer c.mu.Unlock()
	var again []*subscription
	for _, sub := range c.subs {
		if changed || between || sub.owed {
			sub.owed = sub.owed || between
			sub.outbound.Hold()
			again = append(again, sub)
		}
	}
	c.outbound.Release() // where that does not succeed, this runs once more
	for _, sub := range again {
		c.recheck(sub)
	}
	if changed || between {
		c.renewGrants()
	}
	return true
}

// identityAt is who the connection is at the commit that a transaction sees: the last answer of upgrade, unless a commit since then may
// have changed it. Then the app is asked in this transaction.
func (c *Conn) identityAt(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	if tx == nil {
		return c.identityNow(ctx)
	}
	who := c.who.Load()
	if who.Expired(c.conns.cfg.Runner) {
		return c.conns.cfg.Runner.Identify(ctx, &c.caller, watch.Unrecorded(tx))
	}
	if !who.Reads.Any() {
		return who, nil
	}
	seq := tx.Seq()
	// The order matters: first how far watchers have been notified, and then what they have noted.
	if notified := c.conns.cfg.Engine.Notified(); who.Seq <= seq && untouched(tx, seq, notified, who.Reads.Tables) && !who.Stale.Load() {
		return who, nil
	}
	return c.conns.cfg.Runner.Identify(ctx, &c.caller, watch.Unrecorded(tx))
}

// untouched reports whether none of the commits after notified that a transaction sees has changed a row of some tables.
func untouched(tx store.Tx, seq, notified uint64, tables []*relation.Table) bool {
	if notified >= seq {
		return true
	}
	t, ok := tx.(store.Toucher)
	return ok && !slices.ContainsFunc(tables, func(table *relation.Table) bool { return t.Touched(table) > notified })
}

// identityNow is identityAt for what runs in no transaction: who the connection is as of all commits that have been acknowledged.
func (c *Conn) identityNow(ctx context.Context) (*identity.Identity, error) {
	who := c.who.Load()
	if (!who.Reads.Any() || !who.Stale.Load()) && !who.Expired(c.conns.cfg.Runner) {
		return who, nil
	}
	return c.identityAfresh(ctx)
}

func (c *Conn) identityAfresh(ctx context.Context) (who *identity.Identity, err error) {
	onOwnStack(func() { who, err = c.conns.cfg.Runner.IdentifyNow(ctx, &c.caller) })
	return who, err
}
