package runtime

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/store"
)

// visit is one stay with a stream or in a room, for what these do when somebody has subscribed and has left. Those of one
// connection run one after the other, in order, each as a call of its own with who subscribed as its caller.
type visit struct {
	name  string
	how   *lifecycle
	args  any
	who   *identity
	check func(call *Call) error // whether it may still be there; of the stream or the room
	held  func() bool            // that is not certain
	void  atomic.Bool            // the right had ended before the coming could run: there is neither a coming nor a leaving
}

// came starts what a stream or a room does when somebody has subscribed. It does not run for those who have lost the right meanwhile.
func (c *conn) came(v *visit) {
	if v.how == nil || v.how.subscribed == nil {
		return
	}
	c.turn(v, v.how.subscribed, func(ctx context.Context, tx store.Tx) (*identity, error) {
		who, err := c.visitor(ctx, tx, v)
		if err == nil {
			v.void.Store(who == nil)
		}
		return who, err
	})
}

// went starts what a stream or a room does when somebody has left. It puts in order what the coming has begun, so it runs as
// who came, also where that is nobody any more.
func (c *conn) went(v *visit) {
	if v == nil || v.how == nil || v.how.unsubscribed == nil {
		return
	}
	c.turn(v, v.how.unsubscribed, func(ctx context.Context, tx store.Tx) (*identity, error) {
		if v.void.Load() {
			return nil, nil
		}
		if who, err := c.identityAt(ctx, tx); err == nil && who.key == v.who.key {
			return who, nil
		}
		return v.who, nil
	})
}

// visitor is who somebody is that has subscribed, nil if they may not be there any more.
func (c *conn) visitor(ctx context.Context, tx store.Tx, v *visit) (*identity, error) {
	who, err := c.identityAt(ctx, tx)
	if err != nil || who.key != v.who.key {
		return nil, err
	}
	if (tx == nil || c.server.engine.Notified() >= tx.Seq()) && !v.held() {
		return who, nil
	}
	check := func(tx store.Tx) (err error) {
		if who, err = c.identityAt(ctx, tx); err != nil {
			return err
		}
		return v.check(c.server.newCall(ctx, v.name, &c.caller, who, tx))
	}
	if tx == nil {
		err = c.server.store.Read(ctx, check)
	} else {
		err = check(tx)
	}
	if _, refused := fault.Refusal(err); refused || errors.Is(err, ErrGate) {
		return nil, nil
	}
	return who, err
}

// turn runs a part of a visit as who ask gives; not at all where that is nobody.
func (c *conn) turn(v *visit, fn func(*Call, any) error, ask func(ctx context.Context, tx store.Tx) (*identity, error)) {
	c.turns.add(func() {
		err := c.server.perform(c.server.ctx, v.name, v.how.mode, &c.caller, ask, func(call *Call) error {
			call.conn = c
			return fn(call, v.args)
		})
		if err != nil {
			_ = c.server.faults.Report(c.server.ctx, v.name, err) // told to the error hook; nobody waits
		}
	})
}

// shown tells the stream and the room, once, that somebody has subscribed.
func (c *conn) shown(sub *subscription) {
	e := sub.entry
	if a := sub.attended; a != nil && a.visit == nil {
		a.visit = &visit{name: e.room.spec.Name, how: e.room.lifecycle, args: a.args, who: c.who.Load(), held: sub.outbound.Held}
		a.visit.check = func(call *Call) error {
			_, err := e.room.open(call, a.args)
			return err
		}
		c.came(a.visit)
	}
	if sub.visit == nil {
		sub.visit = &visit{name: e.name, how: e.lifecycle, args: sub.args, who: c.who.Load(), held: sub.outbound.Held}
		sub.visit.check = func(call *Call) error {
			_, err := e.open(call, sub.args)
			return err
		}
		c.came(sub.visit)
	}
}

// reshown has those comings run that did not, since the right had ended for a while.
func (c *conn) reshown(sub *subscription) {
	if v := sub.visit; v != nil && v.void.Load() {
		sub.visit = nil
	}
	if a := sub.attended; a != nil && a.visit != nil && a.visit.void.Load() {
		a.visit = nil
	}
}

// publisher is the owner of what the connection publishes under its key.
func (c *conn) publisher() *feed.Owner { return c.server.feeds.Own(&c.owner, c.stamp()) }
