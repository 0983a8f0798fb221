package runtime

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Bounds of one connection.
const (
	maxMalformed     = 10   // frames and messages; the last one closes the connection
	maxSubscriptions = 1024 // open at a time
	maxWorkers       = 8    // calls that run outside functions at a time; reading pauses meanwhile
)

// conn is one client that is connected: who it is, and what it has subscribed to. It is the outbound.Handler of its WebSocket; a stream of server-sent events has one as well.
type conn struct {
	server   *Server
	outbound *outbound.Queue
	caller   identity.Caller
	ctx      context.Context
	cancel   context.CancelFunc
	who      atomic.Pointer[identity.Identity] // nil before hello
	given    *identity.Identity                // who, where upgrade is not asked; nil for all but tests
	gone     atomic.Bool

	// Of the goroutine that reads.
	deadline  *time.Timer // for hello
	malformed int
	over      bool // the rest of what was read is not looked at

	workers chan struct{} // nil until needed

	asking    sync.Mutex // one at a time asks who it is; before mu
	unwatched func()     // ends the watch of what upgrade read

	mu    sync.Mutex // one at a time changes what follows, and calls Follow of a reader
	subs  map[uint64]*subscription
	rooms map[feed.Key]*attendance
	lapse lapse

	chores chores
	turns  chores // what streams and rooms do when the connection comes and goes

	permitMu   sync.Mutex
	permits    map[string]*permit // to publish, by entry point and arguments as they came
	permitless bool               // there can be none any more

	owner feed.Owner // of the entries that the connection has published
}

// accept makes the connection of a WebSocket.
func (s *Server) accept(r *http.Request, t outbound.Transport) (*outbound.Queue, outbound.Handler) {
	c := s.newConn(r, t)
	c.deadline = time.AfterFunc(s.opt.HelloWait, func() { c.outbound.Close(wire.CloseHello, "Say hello first") })
	return c.outbound, c
}

func (s *Server) newConn(r *http.Request, t outbound.Transport) *conn {
	c := &conn{server: s, caller: identity.NewCaller(r, s.opt.ClientIP(r), strconv.FormatUint(s.nextConn.Add(1), 36))}
	c.caller.ConnID, c.caller.Secure = c.caller.Key, s.sentSecurely(r)
	c.chores.server, c.turns.server, c.turns.jobs = s, s, &s.turns
	c.ctx, c.cancel = context.WithCancel(s.ctx)
	c.outbound = outbound.New(&s.config, t, c.lost)
	s.mu.Lock()
	s.conns[c] = struct{}{}
	stopping := s.stopping.Load()
	s.mu.Unlock()
	s.metrics.Connections.Inc()
	if stopping {
		c.stop()
	}
	return c
}

// stop ends the connection once its calls are answered.
func (c *conn) stop() { c.outbound.Finish(wire.CloseStopping, "The server is stopping") }

// close ends the connection, and the reading of what it has sent.
func (c *conn) close(code int, reason string) {
	c.over = true
	c.outbound.Close(code, reason)
}

// Gone is part of outbound.Handler.
func (c *conn) Gone() {
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
		who.Stale.Store(true) // what still runs asks for itself
	}
	if c.unwatched != nil {
		c.unwatched()
	}
	c.asking.Unlock()
	s := c.server
	c.endPermits()
	c.owner.End()
	if who := c.who.Load(); who != nil {
		s.users.Leave(who.Key, c.outbound)
	}
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.metrics.Connections.Dec()
}

// Text is part of outbound.Handler.
func (c *conn) Text(frame []byte) {
	if c.over {
		return
	}
	if len(frame) > c.server.maxPayload {
		c.close(wire.CloseTooBig, "A frame may have at most "+strconv.Itoa(c.server.maxPayload)+" bytes")
		return
	}
	c.outbound.AwaitCapacity()
	var m wire.Message // on the stack, since nobody keeps a pointer to it
	wire.Decode(frame, &m, func(err error) {
		switch {
		case c.over:
		case err != nil:
			c.unreadable(err)
		default:
			c.message(&m)
		}
	})
}

// Binary is part of outbound.Handler.
func (c *conn) Binary(frame []byte) {
	if c.over {
		return
	}
	c.outbound.AwaitCapacity()
	var m wire.Message
	if err := wire.DecodeBinary(frame, &m); err != nil {
		c.unreadable(err)
		return
	}
	c.message(&m)
}

// unreadable answers what is malformed, up to a number of times.
func (c *conn) unreadable(err error) {
	c.server.metrics.Malformed.Inc()
	var malformed *wire.Malformed
	id := uint64(0)
	if errors.As(err, &malformed) {
		id = malformed.ID
	}
	c.outbound.Send(wire.AppendErr(nil, id, &wire.Failure{Code: CodeMalformed, Message: err.Error()}))
	if c.malformed++; c.malformed >= maxMalformed {
		c.close(wire.CloseMalformed, "Too many malformed frames")
	}
}

func (c *conn) unfit(id uint64, reason string) { c.unreadable(&wire.Malformed{ID: id, Reason: reason}) }

// message handles one message that could be read.
func (c *conn) message(m *wire.Message) {
	if c.who.Load() == nil {
		if m.Kind != wire.Hello {
			c.unfit(m.ID, "The first message of a connection must be hello")
			return
		}
		first := *m
		aside(func() { c.hello(&first) })
		return
	}
	if c.who.Load().Expired(c.server.runner) {
		aside(func() { c.over = !c.inForce() })
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
		aside(func() { c.subscribe(&sub) })
	case wire.Unsub:
		c.unsubscribe(m.ID)
	case wire.More:
		id := m.ID
		aside(func() { c.more(id) })
	case wire.Pub:
		c.publish(m)
	case wire.Ping:
		c.outbound.Send(wire.AppendPong(nil))
	}
}

// aside runs fn on a goroutine of its own and waits for it. What an idle client has once asked for would otherwise leave the goroutine that reads from it with a stack twice as
// large, for as long as it is connected.
func aside(fn func()) {
	done := make(chan error)
	go func() { done <- fault.Protect(func() error { fn(); return nil }) }()
	if err := <-done; err != nil {
		panic(err)
	}
}

// hello begins a connection: both sides speak the same version and have the same contract, and the app does not refuse the caller.
func (c *conn) hello(m *wire.Message) {
	s := c.server
	if c.deadline != nil && !c.deadline.Stop() {
		return // it has run: the connection is being closed
	}
	c.deadline = nil
	switch {
	case m.Version != wire.Version:
		c.close(wire.CloseVersion, "This server speaks version "+strconv.Itoa(wire.Version))
		return
	case m.Hash != "" && m.Hash != s.reg.app.Hash:
		c.close(wire.CloseContract, "This client was built for another contract; reload it")
		return
	case !wire.IsToken(m.Token):
		c.close(wire.CloseRefused, CodeMalformed)
		return
	}
	c.caller.Token = m.Token
	if err := c.identify(); err != nil {
		c.refused(err)
		return
	}
	c.outbound.Send(wire.AppendHello(nil, s.reg.app.Hash, s.hub.Epoch(), s.opt.Heartbeat, c.stamp(), s.runner.Now()))
}

// stamp is the key of the connection's entries. It does not change: a connection that comes to speak for another user is closed.
func (c *conn) stamp() string { return identity.Stamp(c.who.Load(), &c.caller) }

// refused closes a connection that upgrade does not let in. Where upgrade could not tell, the client may try again.
func (c *conn) refused(err error) {
	c.close(c.refusal(err))
}

// refusal is how a connection ends for an error of upgrade.
func (c *conn) refusal(err error) (code int, reason string) {
	var refusal *Error
	if errors.Is(err, errLapsed) {
		return wire.CloseSession, "The session or token has ended"
	}
	if errors.As(err, &refusal) {
		return wire.CloseRefused, refusal.Code
	}
	return wire.CloseOverload, c.server.faults.Report(c.ctx, "upgrade", err).Code
}

// refuse answers a message with an error. It is for those that Begin did not announce.
func (c *conn) refuse(id uint64, err *Error) {
	c.outbound.Send(wire.AppendErr(nil, id, fault.Wire(err)))
}

// lost is called when the log of a topic has dropped events that the client has not been sent.
func (c *conn) lost(t *topic.Topic) { c.chores.add(func() { c.renew(t) }) }

// chores are small jobs of one connection that arise on the goroutines of others. They run one after the other, on a goroutine that lives as long as there are any.
type chores struct {
	server  *Server
	jobs    *sync.WaitGroup // counts the jobs that have not ended; nil for none
	mu      sync.Mutex
	queue   []func()
	running bool
}

func (q *chores) add(job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = append(q.queue, job)
	if q.jobs != nil {
		q.jobs.Add(1)
	}
	if !q.running {
		q.running = true
		q.server.tasks.Go(q.run)
	}
}

func (q *chores) run() {
	for {
		q.mu.Lock()
		if len(q.queue) == 0 {
			q.queue, q.running = nil, false
			q.mu.Unlock()
			return
		}
		job := q.queue[0]
		q.queue = q.queue[1:]
		q.mu.Unlock()
		if err := fault.Protect(func() error { job(); return nil }); err != nil {
			_ = q.server.faults.Report(q.server.ctx, "connection", err) // logged; nobody waits for an answer
		}
		if q.jobs != nil {
			q.jobs.Done()
		}
	}
}
