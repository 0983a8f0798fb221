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

// Identify asks the app for the identity of the connection, and again whenever a row changes that upgrade has read.
func (c *Conn) Identify() error {
	c.asking.Lock()
	defer c.asking.Unlock()
	return c.ask()
}

// ask is Identify for callers that hold the lock asking.
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
	old := c.who.Load()
	who, unwatched, err := c.conns.cfg.Runner.IdentifyWatched(c.ctx, &c.caller, old != nil, c.outdated)
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
		return errExpired // also if upgrade refuses the caller now: it may come back with another token
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

// join registers the connection with its user.
func (c *Conn) join(who *identity.Identity) error {
	if !c.joined {
		if !c.conns.cfg.Traffic.Join(who.Key) {
			return errTooMany
		}
		c.joined = true
	}
	c.conns.cfg.Feeds.Own(&c.owner, c.stamp())
	return c.conns.cfg.Users.Join(c.ctx, who.Key, c.outbound)
}

// outdated marks an identity as stale, since a row that upgrade has read has changed.
func (c *Conn) outdated(who *identity.Identity) {
	who.Stale.Store(true)
	if c.outbound.Hold() {
		c.conns.cfg.Tasks.Go(func() { c.identifyAgain() })
	}
}

// identifyAgain asks for the identity again. If the connection belongs to another user now, it is closed at once, without waiting for its
// other work. What the connection may see can depend on its identity, so its subscriptions are checked again if that has changed.
//
// It returns false if the connection has ended.
func (c *Conn) identifyAgain() bool {
	c.asking.Lock()
	defer c.asking.Unlock()
	before := c.who.Load()
	if before == nil || c.gone.Load() {
		return false // it was refused, or has ended
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
	between := holds > 1 || before.Reads.Digest != who.Reads.Digest // meanwhile it may have been another one for a while
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
	c.outbound.Release() // if it is on hold again, this function will run once more
	for _, sub := range again {
		c.recheck(sub)
	}
	if changed || between {
		c.renewGrants()
	}
	return true
}

// identityAt is the identity at the commit that a transaction sees: the last answer of upgrade, unless a commit since then may have changed
// it. Then it asks the app in this transaction.
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
	// The order matters: read first how far watchers have been notified, and then what they have marked.
	if notified := c.conns.cfg.Engine.Notified(); who.Seq <= seq && untouched(tx, seq, notified, who.Reads.Tables) && !who.Stale.Load() {
		return who, nil
	}
	return c.conns.cfg.Runner.Identify(ctx, &c.caller, watch.Unrecorded(tx))
}

// untouched reports whether a transaction sees no commit after notified that has changed a row of some tables.
func untouched(tx store.Tx, seq, notified uint64, tables []*relation.Table) bool {
	if notified >= seq {
		return true
	}
	t, ok := tx.(store.Toucher)
	return ok && !slices.ContainsFunc(tables, func(table *relation.Table) bool { return t.Touched(table) > notified })
}

// identityNow is identityAt without a transaction: the identity after all acknowledged commits.
func (c *Conn) identityNow(ctx context.Context) (*identity.Identity, error) {
	who := c.who.Load()
	if (!who.Reads.Any() || !who.Stale.Load()) && !who.Expired(c.conns.cfg.Runner) {
		return who, nil
	}
	return c.identityAfresh(ctx)
}

func (c *Conn) identityAfresh(ctx context.Context) (who *identity.Identity, err error) {
	onOwnStack(func() { who, err = c.conns.cfg.Runner.IdentifyNow(ctx, &c.caller, true) })
	return who, err
}
