package conn

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// Single makes a connection one of a stream of server-sent events: it has one subscription, and each message is a frame of its own. As an
// HTTP request has no connection that could be told from others, an anonymous caller is counted by its address.
func (c *Conn) Single() {
	c.caller.Key = "ip" + c.caller.IP
	c.outbound.Single()
}

// Subscribe opens the subscription of a connection that has only one. refusal is why the subscription waits; nil if it does not.
func (c *Conn) Subscribe(e *catalog.Stream, args []byte) (refusal *fault.Error, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open(&wire.Message{ID: 1, Args: args}, e)
}

// Ended reports whether no subscription is left, so that a connection that has only one has nothing more to say.
func (c *Conn) Ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.subs) == 0
}

// Sent is called by a transport when a frame is out; see outbound.Queue.Sent.
func (c *Conn) Sent(limit int) { c.outbound.Sent(limit) }

// Leave ends the connection for a client that is gone: nothing is sent any more.
func (c *Conn) Leave() {
	c.outbound.Gone()
	c.Gone()
}
