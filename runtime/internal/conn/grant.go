package conn

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// maxGrants bounds the grants of a connection.
const maxGrants = 64

// grant is the right of a connection to publish to one topic. While what its checks have read does not change, events need no checks.
type grant struct {
	stream *catalog.Stream
	raw    []byte // the arguments as received
	args   any
	view   catalog.View
	feed   *feed.Feed
	caller string // that holds feed
	who    *identity.Identity
	cancel func() // ends the watch of what the checks have read; nil if there is none
	dirty  atomic.Bool
	identity.Credentials
}

// grantNow is grant for the identity of the connection after all acknowledged commits.
func (c *Conn) grantNow(e *catalog.Stream, raw []byte) (*grant, error) {
	who, err := c.publisherAt(c.ctx, nil)
	if err != nil {
		return nil, err
	}
	return c.grant(e, raw, who)
}

// publisherAt is identityAt for a publisher. It fails if the key of the user has changed, since the entries of the connection have that
// key.
func (c *Conn) publisherAt(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	who, err := c.identityAt(ctx, tx)
	if err == nil && who.Key != c.who.Load().Key {
		// The connection is about to be closed.
		err = &fault.Error{Code: fault.CodeUnauthorized, Message: "This connection now belongs to another user"}
	}
	return who, err
}

// keepGrant runs the checks of a grant again if what they have read has changed during a publish. If they refuse, the entry of the
// connection is removed.
func (c *Conn) keepGrant(g *grant) {
	if g.dirty.Load() {
		c.jobs.add(func() { c.renewGrant(g) })
	}
}

// renewGrants runs the checks of all grants again, after the identity of the connection has changed.
func (c *Conn) renewGrants() {
	c.grantMu.Lock()
	defer c.grantMu.Unlock()
	for _, g := range c.grants {
		c.jobs.add(func() { c.renewGrant(g) })
	}
}

func (c *Conn) renewGrant(g *grant) {
	if c.gone.Load() {
		return
	}
	if _, err := c.grantNow(g.stream, g.raw); err != nil { // nobody waits for an answer: the next event is refused
		c.owner.Abandon(g.feedKey())
	}
}

// grant gives the right to publish to the topic of these arguments, after the checks of subscribers and of publishers.
func (c *Conn) grant(e *catalog.Stream, raw []byte, who *identity.Identity) (*grant, error) {
	var scratch [128]byte
	name := append(append(append(scratch[:0], e.Name...), 0), raw...)
	c.grantMu.Lock()
	g := c.grants[string(name)]
	c.grantMu.Unlock()
	if g != nil && !g.dirty.Load() && g.who == who && !g.Expired(c.conns.cfg.Runner) {
		return g, nil
	}
	key := string(name)
	args, err := c.conns.cfg.Admission.Arguments(e, raw)
	if err != nil {
		return nil, err
	}
	fresh := &grant{stream: e, raw: slices.Clone(raw), args: args} // the frame is reused
	onOwnStack(func() { err = c.checkGrant(fresh, g != nil) })
	if err == nil {
		fresh.caller = identity.TurnOf(&c.caller, fresh.who)
		fresh.feed, err = c.conns.cfg.Feeds.Hold(c.ctx, fresh.feedKey(), e.Feed, fresh.caller)
	}
	return c.replaceGrant(key, fresh, err)
}

// checkGrant runs the checks of a grant and watches what they read. again: they were run before, and must not be refused since much waits,
// as the entry of the connection would be removed.
func (c *Conn) checkGrant(g *grant, again bool) (err error) {
	e := g.stream
	request := invoke.Request{
		Spec: e.Spec(), From: &c.caller, Kind: store.Check, Must: again,
		As: func(ctx context.Context, tx store.Tx) (who *identity.Identity, err error) {
			g.who, err = c.publisherAt(ctx, tx)
			return g.who, err
		},
		Do: func(in *invoke.Invocation) (err error) {
			if g.view, err = e.Open(in, g.args); err == nil && e.Publisher.Check != nil {
				err = e.Publisher.Check(in, g.args)
			}
			g.Credentials = in.Credentials
			return err
		},
	}
	g.cancel, _, err = c.conns.cfg.Runner.Watch(c.ctx, request, func() {
		if !g.dirty.Swap(true) {
			c.jobs.add(func() { _, _ = c.grantNow(e, g.raw) }) // nobody waits for an answer: the next event is refused
		}
	})
	if errors.Is(err, catalog.ErrGate) {
		return &fault.Error{Code: fault.CodeForbidden, Message: "The gate is closed"}
	}
	return err
}

// replaceGrant stores a new grant, and ends an earlier one for the same key. refused is the error of its checks, if they have refused.
func (c *Conn) replaceGrant(key string, fresh *grant, refused error) (*grant, error) {
	feeds := c.conns.cfg.Feeds
	c.grantMu.Lock()
	defer c.grantMu.Unlock()
	old := c.grants[key]
	if old != nil {
		old.end(feeds)
		delete(c.grants, key)
	}
	if refused != nil {
		if old != nil {
			c.owner.Abandon(old.feedKey()) // its entry must not stay
		}
		if fresh.cancel != nil {
			fresh.cancel()
		}
		return nil, refused
	}
	if c.grantsClosed {
		fresh.end(feeds)
		return nil, fault.Unavailable // the connection has ended meanwhile
	}
	if len(c.grants) >= maxGrants {
		for k, other := range c.grants {
			other.end(feeds)
			delete(c.grants, k)
		}
	}
	if c.grants == nil {
		c.grants = map[string]*grant{}
	}
	c.grants[key] = fresh
	return fresh, nil
}

// end releases what a grant holds.
func (g *grant) end(feeds *feed.Feeds) {
	if g.cancel != nil {
		g.cancel()
	}
	feeds.Release(g.feed, g.caller)
}

func (c *Conn) endGrants() {
	c.grantMu.Lock()
	defer c.grantMu.Unlock()
	for _, g := range c.grants {
		g.end(c.conns.cfg.Feeds)
	}
	c.grants, c.grantsClosed = nil, true
}
