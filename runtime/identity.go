package runtime

import (
	"context"
	"reflect"

	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// Cookie is the value of a cookie of the connection's request, or nil.
func (c *Call) Cookie(name string) *string { return optional(c.caller.cookie(name)) }

// Header is the first value of a header of the connection's request, or nil.
func (c *Call) Header(name string) *string { return optional(c.caller.header(name)) }

// QueryParam is the first value of a parameter in the URL of the connection's request, or nil.
func (c *Call) QueryParam(name string) *string { return optional(c.caller.queryParam(name)) }

// Bearer is the token of the Authorization header of the connection's request (RFC 6750) or, where it has none, that of its hello; or nil.
func (c *Call) Bearer() *string { return optional(c.caller.bearer()) }

func optional(s string, ok bool) *string {
	if !ok {
		return nil
	}
	return &s
}

// identity is who a connection is.
type identity struct {
	user any    // what upgrade gave; nil for an anonymous caller
	key  string // "" for an anonymous caller
	standing
}

// upgrade asks the app who a caller is. What the answer rests on is there after an error too.
func (s *Server) upgrade(ctx context.Context, from *caller, tx store.Tx) (*identity, error) {
	who := &identity{}
	c := s.newCall(ctx, "upgrade", from, &identity{}, tx)
	err := protect(func() error {
		user, err := s.reg.app.Upgrade(c)
		if err != nil || user == nil {
			return err
		}
		who.user = user
		if s.reg.app.UserKey != nil {
			who.key = s.reg.app.UserKey(user)
		}
		return nil
	})
	who.standing = c.standing
	return who, err
}

// identityOf asks the app who the caller of one HTTP request is.
func (s *Server) identityOf(ctx context.Context, from *caller) (who *identity, err error) {
	if s.reg.app.Upgrade == nil {
		return &identity{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	err = s.store.Read(ctx, func(tx store.Tx) error {
		who, err = s.upgrade(ctx, from, tx)
		return err
	})
	return who, err
}

// identify asks the app who the connection is, and again whenever what the answer hangs on changes.
func (c *conn) identify() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.identifyLocked()
}

func (c *conn) identifyLocked() error {
	if c.gone {
		return nil
	}
	if who := c.given; who != nil || c.server.reg.app.Upgrade == nil {
		if who == nil {
			who = &identity{}
		}
		c.who.Store(who)
		c.server.known(c, who.key)
		return nil
	}
	var who *identity
	unwatched, err := c.server.watch(c.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		who, err = c.server.upgrade(ctx, &c.caller, tx)
		return err
	}, func() {
		if !c.stale.Swap(true) {
			c.chores.add(func() { c.identifyAgain() })
		}
	})
	if c.unwatched != nil {
		c.unwatched()
	}
	c.unwatched = unwatched
	before := c.who.Load()
	if before != nil && who != nil && before.proof != who.proof {
		return errLapsed // also where upgrade refuses the caller now: it may come back with another token
	}
	if err != nil {
		return err
	}
	if c.who.Store(who); before == nil {
		c.server.known(c, who.key)
	}
	c.watchTime()
	return nil
}

// identifyAgain follows a change of a row that upgrade has read. What the connection may see can hang on who it is, so its subscriptions are checked again.
// It gives false if the connection is over.
func (c *conn) identifyAgain() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stale.Store(false)
	if c.gone {
		return false
	}
	before := c.who.Load()
	if err := c.identifyLocked(); err != nil {
		c.session.Close(c.refusal(err))
		return false
	}
	who := c.who.Load()
	switch {
	case before.key != who.key:
		c.session.Close(wire.CloseSession, "This connection speaks for another user now")
		return false
	case reflect.DeepEqual(before, who):
		return true
	}
	for _, sub := range c.subs {
		c.recheck(sub)
	}
	return true
}

// watch runs fn in a transaction that reads, and has again called, until cancel, after each commit that may change what fn read. fn may be run more than once. again must not
// block.
func (s *Server) watch(ctx context.Context, fn func(ctx context.Context, tx store.Tx) error, again func()) (cancel func(), err error) {
	ctx, done := context.WithTimeout(ctx, defaultTimeout)
	defer done()
	var deps []dependency
	var seq uint64
	run := func(tx store.Tx) error {
		r := &recorder{Tx: tx}
		err := protect(func() error { return fn(ctx, r) })
		deps, seq = r.deps, tx.Seq()
		return err
	}
	if err = s.store.Read(ctx, run); err != nil || len(deps) == 0 {
		return nil, err
	}
	for {
		// A commit between reading and watching would be missed, so whoever watches looks once more.
		watched := deps
		cancel = s.engine.Watch(watched, again)
		err = s.store.Read(ctx, func(tx store.Tx) error {
			if tx.Seq() == seq {
				return nil
			}
			return run(tx)
		})
		if err != nil {
			cancel()
			return nil, err
		}
		if coversAll(watched, deps) {
			return cancel, nil
		}
		cancel()
	}
}
