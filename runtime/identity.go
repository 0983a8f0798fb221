package runtime

import (
	"context"
	"reflect"
	"time"

	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// sessions makes and reads the signed cookie in which a signed-in caller carries the key of its session.
type sessions interface {
	// Open gives the key in the value of the cookie, and whether it is genuine and not expired.
	Open(cookie string) (key string, ok bool)
	// Seal gives the value of a cookie that carries the key, and for how long it is good.
	Seal(key string) (cookie string, maxAge time.Duration, err error)
}

// sessionChange is what a call does to the caller's session once it has succeeded.
type sessionChange struct {
	changed bool
	key     string // "" ends the session
}

// sessionCookie is the name of the session's cookie.
const sessionCookie = "live_session"

// SessionKey is the key that StartSession was given, read from the caller's signed cookie, and whether there is one.
func (c *Call) SessionKey() (string, bool) {
	value, ok := c.caller.cookie(sessionCookie)
	if !ok || c.cookies == nil {
		return "", false
	}
	return c.cookies.Open(value)
}

// StartSession signs the caller in: once the call has succeeded, a signed HttpOnly cookie carries the key.
func (c *Call) StartSession(key string) { c.session = sessionChange{changed: true, key: key} }

// EndSession signs the caller out once the call has succeeded.
func (c *Call) EndSession() { c.session = sessionChange{changed: true} }

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
}

// upgrade asks the app who a caller is.
func (s *Server) upgrade(ctx context.Context, from *caller, tx store.Tx) (*identity, error) {
	who := &identity{}
	err := protect(func() error {
		user, err := s.reg.app.Upgrade(s.newCall(ctx, "upgrade", from, &identity{}, tx))
		if err != nil || user == nil {
			return err
		}
		who.user = user
		if s.reg.app.UserKey != nil {
			who.key = s.reg.app.UserKey(user)
		}
		return nil
	})
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
			c.chores.add(c.identifyAgain)
		}
	})
	if c.unwatched != nil {
		c.unwatched()
	}
	c.unwatched = unwatched
	if err != nil {
		return err
	}
	if c.who.Swap(who) == nil {
		c.server.known(c, who.key)
	}
	return nil
}

// identifyAgain follows a change of a row that upgrade has read. What the connection may see can hang on who it is, so its subscriptions are checked again.
func (c *conn) identifyAgain() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stale.Store(false)
	if c.gone {
		return
	}
	before := c.who.Load()
	if err := c.identifyLocked(); err != nil {
		c.session.Close(c.refusal(err))
		return
	}
	who := c.who.Load()
	switch {
	case before.key != who.key:
		c.session.Close(wire.CloseSession, "This connection speaks for another user now")
		return
	case reflect.DeepEqual(before, who):
		return
	}
	for _, sub := range c.subs {
		c.recheck(sub)
	}
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
