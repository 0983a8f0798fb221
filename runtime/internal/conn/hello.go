package conn

import (
	"errors"
	"strconv"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/wire"
)

// hello begins a connection. Both sides must have the same version and the same contract, and the app must not refuse the caller.
func (c *Conn) hello(m *wire.Message) {
	if c.deadline != nil && !c.deadline.Stop() {
		return // it was handled before, and the connection is being closed
	}
	c.deadline = nil
	cfg := &c.conns.cfg
	switch {
	case m.Version != wire.Version:
		c.close(wire.CloseVersion, "This server speaks version "+strconv.Itoa(wire.Version))
		return
	case m.Hash != "" && m.Hash != cfg.Hash && !c.conns.serves(m.Hashes):
		c.close(wire.CloseContract, "This client was built for another contract; reload it")
		return
	case !wire.IsToken(m.Token):
		c.close(wire.CloseRefused, fault.CodeMalformed)
		return
	}
	c.caller.Token = m.Token
	if err := c.Identify(); err != nil {
		c.close(c.refusal(err))
		return
	}
	if c.who.Load() == nil {
		return // the connection has ended meanwhile
	}
	c.outbound.Send(wire.AppendHello(nil, &wire.Greeting{
		Hash: cfg.Hash, Epoch: cfg.Epoch, Heartbeat: cfg.Govern.Time(limits.Heartbeat), Key: c.stamp(), Now: cfg.Runner.Now(),
		MaxMessage: cfg.Govern.Int(limits.MaxPayload), MaxFrame: c.conns.maxFrame,
	}))
}

// serves reports whether a client of another contract can go on: this one has all entry points that the client knows, as it knows them.
// A client that lists none cannot.
func (s *Conns) serves(hashes map[string]string) bool {
	for name, hash := range hashes {
		if hash == "" || s.cfg.Hashes[name] != hash {
			return false
		}
	}
	return len(hashes) > 0
}

// stamp is the key of the connection's entries. It does not change: a connection is closed when its user changes.
func (c *Conn) stamp() string { return identity.Stamp(c.who.Load(), &c.caller) }

// errTooMany is the error of a further connection of a user who has as many as there may be.
var errTooMany = &fault.Error{
	Code: fault.CodeRateLimited, Message: "This user has too many connections (limit " + limits.MaxConnectionsPerUser.String() + ")",
}

// refusal gives the close code and reason for an error of upgrade. If upgrade could not answer, the client may try again.
func (c *Conn) refusal(err error) (code int, reason string) {
	var refusal *fault.Error
	if errors.Is(err, errTooMany) {
		return wire.CloseTooMany, errTooMany.Message
	}
	if errors.Is(err, errExpired) {
		return wire.CloseSession, "The session or token has ended"
	}
	if errors.As(err, &refusal) {
		return wire.CloseRefused, refusal.Error()
	}
	return wire.CloseOverload, c.report(0, "upgrade", err).Code
}
