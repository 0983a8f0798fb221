package conn

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/traffic"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Bounds of one connection.
const (
	maxWorkers = 8 // calls that run extern functions at a time; reading pauses meanwhile
)

// Conn is the connection of one client. It is the outbound.Handler of its WebSocket; a stream of server-sent events has a Conn as well.
type Conn struct {
	conns    *Conns
	outbound *outbound.Queue
	caller   identity.Caller
	ctx      context.Context
	cancel   context.CancelFunc
	who      atomic.Pointer[identity.Identity] // nil before hello
	assumed  *identity.Identity                // the identity of a test that does not ask upgrade; nil otherwise
	gone     atomic.Bool

	// Used by the goroutine that reads only.
	deadline  *time.Timer // for hello
	malformed int         // frames and messages since the last one that could be read
	meter     traffic.Meter
	over      bool // frames that arrive from now on are ignored

	workers chan struct{} // nil until needed

	asking    sync.Mutex // held while upgrade is asked; locked before mu
	joined    bool       // it counts as a connection of its user
	unwatched func()     // ends the watch of what upgrade read

	// mu guards what follows. It is held while a subscription is checked, opened and shown, which may wait for the store, the bus and
	// presence. So only code that serves this one client takes it, and no goroutine of the store, the engine or the bus.
	mu    sync.Mutex
	subs  map[uint64]*subscription
	rooms map[feed.Key]*attendance
	lapse lapse

	jobs      jobs
	visitJobs jobs // what streams and rooms run when the connection subscribes and unsubscribes

	grantMu      sync.Mutex
	grants       map[string]*grant // by entry point and arguments as received
	grantsClosed bool              // no grants can be added any more

	owner feed.Owner // of the entries that the connection has published
}

// stop ends the connection after the answers of its calls.
func (c *Conn) stop() { c.outbound.Finish(wire.CloseStopping, "The server is stopping") }

// close ends the connection, and ignores all further frames.
func (c *Conn) close(code int, reason string) {
	c.over = true
	c.outbound.Close(code, reason)
}

// Gone is part of outbound.Handler.
func (c *Conn) Gone() {
	c.cancel()
	if c.deadline != nil {
		c.deadline.Stop()
	}
	c.mu.Lock()
	if c.gone.Swap(true) {
		c.mu.Unlock()
		return
	}
	for _, id := range slices.Sorted(maps.Keys(c.subs)) {
		c.release(c.subs[id], nil)
	}
	c.watchTime()
	c.mu.Unlock()
	c.asking.Lock()
	if who := c.who.Load(); who != nil {
		who.Stale.Store(true) // what still runs must ask upgrade itself
	}
	if c.unwatched != nil {
		c.unwatched()
	}
	if c.joined {
		c.joined = false
		c.conns.cfg.Traffic.Leave(c.who.Load().Key)
	}
	c.asking.Unlock()
	s := c.conns
	c.endGrants()
	c.owner.End()
	if who := c.who.Load(); who != nil {
		s.cfg.Users.Leave(who.Key, c.outbound)
	}
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
	s.cfg.Metrics.Connections.Dec()
}

// Arrived is part of outbound.Handler.
func (c *Conn) Arrived(bytes int) (waited bool) {
	c.meter.Bytes(bytes)
	waited = c.meter.Due() && c.waitTurn()
	return c.visitJobs.ease(c.ctx) || waited
}

// Control is part of outbound.Handler.
func (c *Conn) Control() (waited bool) {
	c.meter.Message(1)
	return c.meter.Due() && c.waitTurn()
}

// waitTurn waits until the client may send more.
func (c *Conn) waitTurn() bool {
	user := ""
	if who := c.who.Load(); who != nil {
		user = who.Key
	}
	return c.conns.cfg.Traffic.Wait(c.ctx, &c.meter, user, c.caller.Network())
}

// Text is part of outbound.Handler.
func (c *Conn) Text(frame []byte) {
	if c.over {
		return
	}
	var m wire.Message // on the stack, since nobody keeps a pointer to it
	n := 0
	wire.Decode(frame, &m, func(err error) {
		n += max(1, len(m.Calls))
		switch {
		case c.over:
		case err != nil:
			c.unreadable(err)
		default:
			c.handle(&m)
		}
	})
	c.meter.Message(max(1, n)) // also of a frame without any
}

// Binary is part of outbound.Handler.
func (c *Conn) Binary(frame []byte) {
	if c.over {
		return
	}
	c.meter.Message(1)
	var m wire.Message
	if err := wire.DecodeBinary(frame, &m); err != nil {
		c.unreadable(err)
		return
	}
	c.handle(&m)
}

// unreadable answers a malformed frame or message, and closes the connection if there have been too many.
func (c *Conn) unreadable(err error) {
	c.outbound.AwaitCapacity()
	c.conns.cfg.Metrics.Malformed.Inc()
	var malformed *wire.Malformed
	id := uint64(0)
	if errors.As(err, &malformed) {
		id = malformed.ID
	}
	c.outbound.Send(wire.AppendErr(nil, id, &wire.Failure{Code: fault.CodeMalformed, Message: err.Error()}))
	if c.malformed++; c.malformed >= c.conns.cfg.Govern.Int(limits.MaxMalformed) {
		c.close(wire.CloseMalformed, "Too many malformed frames")
	}
}

func (c *Conn) unfit(id uint64, reason string) { c.unreadable(&wire.Malformed{ID: id, Reason: reason}) }

// handle handles a message that could be read. If it is in order, those before it that were not are forgotten: a client that makes one
// mistake now and then is not closed.
func (c *Conn) handle(m *wire.Message) {
	before := c.malformed
	c.message(m)
	if c.malformed == before {
		c.malformed = 0
	}
}

// message handles one well-formed message.
func (c *Conn) message(m *wire.Message) {
	c.outbound.AwaitCapacity() // before each message of a frame: the rest of the frame waits
	if c.who.Load() == nil {
		if m.Kind != wire.Hello {
			c.unfit(m.ID, "The first message of a connection must be hello")
			return
		}
		first := *m
		onOwnStack(func() { c.hello(&first) })
		return
	}
	if c.who.Load().Expired(c.conns.cfg.Runner) {
		onOwnStack(func() { c.over = !c.inForce() })
		if c.over {
			return
		}
	}
	switch m.Kind {
	case wire.Hello:
		c.unfit(0, "Only the first message of a connection may be hello")
	case wire.Call:
		c.outbound.Begin()
		c.call(m, nil)
	case wire.Batch:
		c.batch(m)
	case wire.Sub:
		sub := *m
		onOwnStack(func() { c.subscribe(&sub) })
	case wire.Unsub:
		c.unsubscribe(m.ID)
	case wire.More:
		id := m.ID
		onOwnStack(func() { c.more(id) })
	case wire.Pub:
		c.publish(m)
	case wire.Ping:
		c.outbound.Send(wire.AppendPong(nil))
	default:
		c.unfit(m.ID, "A client cannot send this message")
	}
}

// refuse answers with an error. It is for messages that Begin has not announced.
func (c *Conn) refuse(id uint64, err *fault.Error) {
	c.outbound.Send(wire.AppendErr(nil, id, fault.Wire(err)))
}

// lost is called when the log of a topic has dropped events before they were sent to the client.
func (c *Conn) lost(t *topic.Topic) { c.jobs.add(func() { c.renew(t) }) }

// report gives the error that the client is shown for err, the error of a message with this id; 0 for none. It reports err if that is not
// for clients.
func (c *Conn) report(message uint64, entryPoint string, err error) *fault.Error {
	return c.conns.cfg.Faults.Report(fault.WithOrigin(c.ctx, c.caller.Origin(message)), entryPoint, err)
}

// slow logs that a message with this id took long; 0 if it did not.
func (c *Conn) slow(message uint64, entryPoint string, took time.Duration) {
	c.conns.cfg.Faults.Slow(entryPoint, took, c.caller.Origin(message))
}

// unseen reports an error that the client is not shown. message is the id of the message that has led to it; 0 for none.
func (c *Conn) unseen(message uint64, entryPoint string, err error) {
	c.conns.cfg.Faults.Unseen(fault.WithOrigin(c.conns.cfg.Context, c.caller.Origin(message)), entryPoint, err)
}
