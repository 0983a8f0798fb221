package runtime

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// visit is one stay with a stream or in a room, for what these do when somebody has subscribed and has left. Those of one
// connection run one after the other, in order, each as a call of its own with who subscribed as its caller.
type visit struct {
	name  string
	how   *lifecycle
	args  any
	who   *identity.Identity
	check func(in *invoke.Invocation) error // whether it may still be there; of the stream or the room
	held  func() bool                       // that is not certain
	void  atomic.Bool                       // the right had ended before the coming could run: there is neither a coming nor a leaving
}

// came starts what a stream or a room does when somebody has subscribed. It does not run for those who have lost the right meanwhile.
func (c *conn) came(v *visit) {
	if v.how == nil || v.how.subscribed == nil {
		return
	}
	c.turn(v, v.how.subscribed, func(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
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
	c.turn(v, v.how.unsubscribed, func(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
		if v.void.Load() {
			return nil, nil
		}
		if who, err := c.identityAt(ctx, tx); err == nil && who.Key == v.who.Key {
			return who, nil
		}
		return v.who, nil
	})
}

// visitor is who somebody is that has subscribed, nil if they may not be there any more.
func (c *conn) visitor(ctx context.Context, tx store.Tx, v *visit) (*identity.Identity, error) {
	who, err := c.identityAt(ctx, tx)
	if err != nil || who.Key != v.who.Key {
		return nil, err
	}
	if (tx == nil || c.server.engine.Notified() >= tx.Seq()) && !v.held() {
		return who, nil
	}
	request := invoke.Request{
		Spec: invoke.Spec{Path: v.name, Mode: Read}, From: &c.caller,
		As: func(ctx context.Context, tx store.Tx) (_ *identity.Identity, err error) {
			who, err = c.identityAt(ctx, tx)
			return who, err
		},
		Do: v.check,
	}
	if tx == nil {
		_, err = c.server.runner.Do(ctx, request)
	} else {
		err = c.server.runner.Within(ctx, tx, request)
	}
	if _, refused := fault.Refusal(err); refused || errors.Is(err, ErrGate) {
		return nil, nil
	}
	return who, err
}

// turn runs a part of a visit as whom as says; not at all where that is nobody.
func (c *conn) turn(v *visit, fn func(*invoke.Invocation, any) error, as invoke.Who) {
	c.turns.add(func() {
		_, err := c.server.runner.Do(c.server.ctx, invoke.Request{
			Spec: invoke.Spec{Path: v.name, Mode: v.how.mode}, From: &c.caller, As: as,
			Do: func(in *invoke.Invocation) error {
				in.Owner = c.publisher()
				return fn(in, v.args)
			},
		})
		if err != nil {
			_ = c.server.faults.Report(c.server.ctx, v.name, err) // for the log and the error hook; nobody waits
		}
	})
}

// shown tells the stream and the room, once, that somebody has subscribed.
func (c *conn) shown(sub *subscription) {
	e := sub.entry
	if a := sub.attended; a != nil && a.visit == nil {
		a.visit = &visit{name: e.room.spec.Name, how: e.room.lifecycle, args: a.args, who: c.who.Load(), held: sub.outbound.Held}
		a.visit.check = func(in *invoke.Invocation) error {
			_, err := e.room.open(in, a.args)
			return err
		}
		c.came(a.visit)
	}
	if sub.visit == nil {
		sub.visit = &visit{name: e.name, how: e.lifecycle, args: sub.args, who: c.who.Load(), held: sub.outbound.Held}
		sub.visit.check = func(in *invoke.Invocation) error {
			_, err := e.open(in, sub.args)
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
