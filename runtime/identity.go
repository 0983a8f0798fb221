package runtime

import (
	"context"
	"sync/atomic"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
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

	// Of what a connection keeps.
	seq   uint64      // the commit at which upgrade has said so
	reads footprint   // what upgrade has read, with which it may change
	stale atomic.Bool // such a row has changed since, or nobody would notice if one did
}

// upgrade asks the app who a caller is. What the answer rests on is there after an error too.
func (s *Server) upgrade(ctx context.Context, from *caller, tx store.Tx) (*identity, error) {
	who := &identity{}
	c := s.newCall(ctx, "upgrade", from, &identity{}, tx)
	err := fault.Protect(func() error {
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

// identify asks the app who the connection is, and again whenever a row changes that the answer was read from.
func (c *conn) identify() error {
	c.asking.Lock()
	defer c.asking.Unlock()
	return c.ask()
}

// ask needs the lock of asking.
func (c *conn) ask() error {
	if c.gone.Load() {
		return nil
	}
	if who := c.given; who != nil || c.server.reg.app.Upgrade == nil {
		if who == nil {
			who = &identity{}
		}
		c.who.Store(who)
		return c.server.users.Join(c.ctx, who.key, c.outbound)
	}
	who := &identity{}
	unwatched, read, err := c.server.watchAll(c.ctx, func(ctx context.Context, tx store.Tx) error {
		found, err := c.server.upgrade(ctx, &c.caller, tx)
		who.user, who.key, who.standing, who.seq = found.user, found.key, found.standing, tx.Seq()
		return err
	}, func() { c.outdated(who) })
	who.reads = read
	old := c.who.Load()
	lapsed := old != nil && old.proof != who.proof
	if err == nil && !lapsed {
		c.who.Store(who)
	}
	if old != nil {
		old.stale.Store(true) // before its watch ends
	}
	if c.unwatched != nil {
		c.unwatched()
	}
	c.unwatched = unwatched
	if lapsed {
		return errLapsed // also where upgrade refuses the caller now: it may come back with another token
	}
	if err != nil {
		return err
	}
	if old == nil {
		if err := c.server.users.Join(c.ctx, who.key, c.outbound); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchTime()
	return nil
}

// watch runs fn in a transaction that reads, and has again called, until cancel, for each commit that may change what fn read,
// before anything leaves that comes of the commit. fn may be run more than once. again must not block. All who watch anything
// know of the commits that fn has seen.
func (s *Server) watch(ctx context.Context, fn func(ctx context.Context, tx store.Tx) error, again func()) (cancel func(), err error) {
	cancel, _, err = s.watchAll(ctx, fn, again)
	return cancel, err
}

// watchAll is watch and gives what fn has read.
func (s *Server) watchAll(
	ctx context.Context, fn func(ctx context.Context, tx store.Tx) error, again func(),
) (cancel func(), read footprint, err error) {
	ctx, done := context.WithTimeout(ctx, defaultTimeout)
	defer done()
	var deps []dependency
	var seq uint64
	run := func(tx store.Tx) error {
		r := &recorder{Tx: tx}
		err := fault.Protect(func() error { return fn(ctx, r) })
		deps, seq = r.deps, tx.Seq()
		return err
	}
	if err = s.store.Read(ctx, run); err != nil {
		return nil, footprint{}, err
	}
	if len(deps) == 0 {
		return nil, footprint{}, s.engine.AwaitNotified(ctx, seq)
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
		if err == nil {
			err = s.engine.AwaitNotified(ctx, seq)
		}
		if err != nil {
			cancel()
			return nil, footprint{}, err
		}
		if coversAll(watched, deps) {
			return cancel, footprintOf(watched), nil
		}
		cancel()
	}
}

// watchTables has again called, until cancel, for each commit that may change a table.
func (s *Server) watchTables(tables []*relation.Table, again func()) (cancel func()) {
	deps := make([]dependency, len(tables))
	for i, t := range tables {
		deps[i] = dependency{Table: t}
	}
	return s.engine.Watch(deps, again)
}
