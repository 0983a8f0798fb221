package conn

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// Single prepares a connection for server-sent events: it has one subscription, and each message is a frame of its own. An HTTP request has
// no connection to count an anonymous caller by, so its address is used.
func (c *Conn) Single() {
	c.caller.Key = "ip" + c.caller.Network()
	c.outbound.Single()
}

// Subscribe opens the only subscription of a connection. refusal is why the subscription waits; nil if it does not.
func (c *Conn) Subscribe(e *catalog.Stream, args []byte) (refusal *fault.Error, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open(&wire.Message{ID: 1, Args: args}, e)
}

// Ended reports whether the connection has no subscription left.
func (c *Conn) Ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.subs) == 0
}

// Sent is called by a transport when a frame has been sent; see outbound.Queue.Sent.
func (c *Conn) Sent(limit int) { c.outbound.Sent(limit) }

// Leave ends the connection of a client that is gone: nothing is sent any more.
func (c *Conn) Leave() {
	c.outbound.Gone()
	c.Gone()
}
