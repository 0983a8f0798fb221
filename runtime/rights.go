package runtime

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

// Rights hold in commit order. The engine tells watchers of a commit before its calls are answered and before anything that
// comes of it leaves. A watcher of what a right was read from does no more than to note that, and to hold back what rests on
// the right: the events of a subscription, or all that a connection is sent unasked. A check then reads anew and lets it go
// on, or ends it. So nothing of a commit, nor of a later one, reaches those whose right has ended with it; and a call that
// begins once a commit was acknowledged finds what it has changed.

// outdated notes that a row has changed from which upgrade has read who the connection is.
func (c *conn) outdated(who *identity.Identity) {
	who.Stale.Store(true)
	if c.outbound.Hold() {
		c.server.tasks.Go(func() { c.identifyAgain() })
	}
}

// identifyAgain asks who the connection is, since that may have changed. It waits for no other work of the connection before
// it closes one that speaks for another user now. What the connection may see can follow from who it is, so its subscriptions
// are checked again where that has changed.
//
// It gives false if the connection is over.
func (c *conn) identifyAgain() bool {
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
		c.renewPermits()
	}
	return true
}

// identityAt is who the connection is at the commit that a transaction sees. It is what was asked for last, unless that is
// older than a commit which may have changed it; then the app is asked in this transaction.
func (c *conn) identityAt(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	if tx == nil {
		return c.identityNow(ctx)
	}
	who := c.who.Load()
	if who.Expired(c.server.runner) {
		return c.server.runner.Identify(ctx, &c.caller, watch.Unrecorded(tx))
	}
	if !who.Reads.Any() {
		return who, nil
	}
	seq := tx.Seq()
	// First how far watchers have been told, and then what they have noted.
	if notified := c.server.engine.Notified(); who.Seq <= seq && untouched(tx, seq, notified, who.Reads.Tables) && !who.Stale.Load() {
		return who, nil
	}
	return c.server.runner.Identify(ctx, &c.caller, watch.Unrecorded(tx))
}

// untouched tells whether no commit behind noted that a transaction sees has changed a row of some tables.
func untouched(tx store.Tx, seq, noted uint64, tables []*relation.Table) bool {
	if noted >= seq {
		return true
	}
	t, ok := tx.(store.Toucher)
	return ok && !slices.ContainsFunc(tables, func(table *relation.Table) bool { return t.Touched(table) > noted })
}

// identityNow is identityAt for what runs in no transaction: who the connection is as of all commits that have been acknowledged.
func (c *conn) identityNow(ctx context.Context) (*identity.Identity, error) {
	who := c.who.Load()
	if (!who.Reads.Any() || !who.Stale.Load()) && !who.Expired(c.server.runner) {
		return who, nil
	}
	return c.identityAfresh(ctx)
}

func (c *conn) identityAfresh(ctx context.Context) (who *identity.Identity, err error) {
	aside(func() { who, err = c.server.runner.IdentifyNow(ctx, &c.caller) })
	return who, err
}
