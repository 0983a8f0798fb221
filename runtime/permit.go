package runtime

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store"
)

// permitNow is permit for who the connection is as of all commits that have been acknowledged.
func (c *conn) permitNow(e *streamEntry, raw []byte) (*permit, error) {
	who, err := c.publisherAt(c.ctx, nil)
	if err != nil {
		return nil, err
	}
	return c.permit(e, raw, who)
}

// publisherAt is identityAt for one whose entries carry its key.
func (c *conn) publisherAt(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	who, err := c.identityAt(ctx, tx)
	if err == nil && who.Key != c.who.Load().Key {
		err = &Error{Code: CodeUnauthorized, Message: "This connection now belongs to another user"} // it is about to be closed
	}
	return who, err
}

// keepsPermit has the checks of a permit run once more, where what they have read has changed while something was published.
// Where they refuse it, what the connection has published goes.
func (c *conn) keepsPermit(p *permit) {
	if p.dirty.Load() {
		c.chores.add(func() { c.renewPermit(p) })
	}
}

// renewPermits has the checks of all permits run again, for a connection that is somebody else now.
func (c *conn) renewPermits() {
	c.permitMu.Lock()
	defer c.permitMu.Unlock()
	for _, p := range c.permits {
		c.chores.add(func() { c.renewPermit(p) })
	}
}

func (c *conn) renewPermit(p *permit) {
	if c.gone.Load() {
		return
	}
	if _, err := c.permitNow(p.entry, p.raw); err != nil { // nobody waits for an answer: a later event is refused
		c.owner.Abandon(p.feedKey())
	}
}
