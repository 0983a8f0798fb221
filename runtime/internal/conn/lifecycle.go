package conn

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// visit is one subscription to a stream, or one stay in a room, for the code that these run when somebody has subscribed and has
// unsubscribed. The code of one connection runs in order, each time as a call of its own by the user who subscribed.
type visit struct {
	name    string
	message uint64 // the id of the subscription, for the log
	how     *catalog.Lifecycle
	args    any
	who     *identity.Identity
	check   func(in *invoke.Invocation) error // whether the connection may still be subscribed to the stream, or be in the room
	held    func() bool                       // whether that is uncertain, and must be checked
	void    atomic.Bool                       // the right had ended before Subscribed could run, so neither runs
}

// subscribed runs the code of a stream or a room for a new subscriber. It does not run if the subscriber has lost the right meanwhile.
func (c *Conn) subscribed(v *visit) {
	if v.how == nil || v.how.Subscribed == nil {
		return
	}
	c.runVisit(v, v.how.Subscribed, func(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
		who, err := c.visitor(ctx, tx, v)
		if err == nil {
			v.void.Store(who == nil)
		}
		return who, err
	})
}

// unsubscribed runs the code of a stream or a room for a subscriber who has left. It cleans up after Subscribed, so it runs as the user who
// subscribed, even if upgrade refuses that user now.
func (c *Conn) unsubscribed(v *visit) {
	if v == nil || v.how == nil || v.how.Unsubscribed == nil {
		return
	}
	c.runVisit(v, v.how.Unsubscribed, func(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
		if v.void.Load() {
			return nil, nil
		}
		if who, err := c.identityAt(ctx, tx); err == nil && who.Key == v.who.Key {
			return who, nil
		}
		return v.who, nil
	})
}

// visitor is the identity of the subscriber, or nil if it may not be there any more.
func (c *Conn) visitor(ctx context.Context, tx store.Tx, v *visit) (*identity.Identity, error) {
	who, err := c.identityAt(ctx, tx)
	if err != nil || who.Key != v.who.Key {
		return nil, err
	}
	if (tx == nil || c.conns.cfg.Engine.Notified() >= tx.Seq()) && !v.held() {
		return who, nil
	}
	request := invoke.Request{
		Spec: invoke.Spec{Path: v.name, Mode: invoke.Read}, From: &c.caller, Kind: store.Check, Must: true,
		As: func(ctx context.Context, tx store.Tx) (_ *identity.Identity, err error) {
			who, err = c.identityAt(ctx, tx)
			return who, err
		},
		Do: v.check,
	}
	if tx == nil {
		_, err = c.conns.cfg.Runner.Do(ctx, request)
	} else {
		err = c.conns.cfg.Runner.Within(ctx, tx, request)
	}
	if _, refused := fault.Refusal(err); refused || errors.Is(err, catalog.ErrGate) {
		return nil, nil
	}
	return who, err
}

// runVisit runs fn of a visit as the identity that `as` gives, or not at all if that is nil.
func (c *Conn) runVisit(v *visit, fn func(*invoke.Invocation, any) error, as invoke.Who) {
	c.visitJobs.add(func() {
		_, err := c.conns.cfg.Runner.Do(c.conns.cfg.Context, invoke.Request{
			Spec: invoke.Spec{Path: v.name, Mode: v.how.Mode, External: v.how.External}, From: &c.caller, Message: v.message, As: as,
			Kind: store.Calls, Must: true, // the subscription that it follows was acknowledged
			Do: func(in *invoke.Invocation) error {
				in.Owner = &c.owner
				return fn(in, v.args)
			},
		})
		if err != nil {
			c.unseen(v.message, v.name, err)
		}
	})
}

// shown runs Subscribed of the stream and of the room, once.
func (c *Conn) shown(sub *subscription) {
	e := sub.stream
	if a := sub.attended; a != nil && a.visit == nil {
		a.visit = &visit{name: e.Room.Name, message: sub.id, how: e.Room.Lifecycle, args: a.args, who: c.who.Load(), held: sub.outbound.Held}
		a.visit.check = func(in *invoke.Invocation) error {
			_, err := e.Room.Open(in, a.args)
			return err
		}
		c.subscribed(a.visit)
	}
	if sub.visit == nil {
		sub.visit = &visit{name: e.Name, message: sub.id, how: e.Lifecycle, args: sub.args, who: c.who.Load(), held: sub.outbound.Held}
		sub.visit.check = func(in *invoke.Invocation) error {
			_, err := e.Open(in, sub.args)
			return err
		}
		c.subscribed(sub.visit)
	}
}

// reshown lets Subscribed run again if it did not run because the right had ended for a while.
func (c *Conn) reshown(sub *subscription) {
	if v := sub.visit; v != nil && v.void.Load() {
		sub.visit = nil
	}
	if a := sub.attended; a != nil && a.visit != nil && a.visit.void.Load() {
		a.visit = nil
	}
}
