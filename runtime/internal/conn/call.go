package conn

import (
	"context"
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// rpcCall is one call over a connection.
type rpcCall struct {
	catalog.Call
	conn *Conn
	held int64  // bytes that are counted of its arguments
	next func() // called after the answer; nil if nobody waits
}

var _ invoke.Job = (*rpcCall)(nil)

// call runs a call that Begin has announced to the queue. next is called after the answer; a call with next runs on a worker already.
func (c *Conn) call(m *wire.Message, next func()) {
	cfg := &c.conns.cfg
	e := cfg.Catalog.RPCs[string(m.Path)]
	if e == nil {
		c.answerError(m.ID, &fault.Error{Code: fault.CodeNotFound, Message: "There is no rpc " + string(m.Path)}, next)
		return
	}
	var started time.Time
	if e.Mode != invoke.Pure || e.Metrics.Timed() {
		started = time.Now()
	}
	t, err := c.newCall(e, m)
	if err != nil {
		failure := c.report(m.ID, e.Path, err)
		c.slow(m.ID, e.Path, e.Metrics.Ended(failure.Code, started))
		c.answerError(m.ID, failure, next)
		return
	}
	t.Task.Started, t.next = started, next
	if e.External && e.Mode != invoke.Write && next == nil {
		c.work(func() { cfg.Runner.Start(c.ctx, &t.Task) })
		return
	}
	cfg.Runner.Start(c.ctx, &t.Task)
}

// Identify is part of invoke.Job.
func (t *rpcCall) Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	return t.conn.identityAt(ctx, tx)
}

// Ended is part of invoke.Job.
func (t *rpcCall) Ended(seq uint64, err error) {
	if t.held > 0 {
		t.conn.conns.memory.Add(-t.held)
	}
	if failure := t.Count(err); failure != nil {
		t.conn.answerError(t.Task.Message, failure, nil)
	} else { // nothing runs any more that could change what the task has reached
		if reached, ok := t.Task.Reached(); ok {
			t.Task.Reply = wire.EndReached(t.Task.Reply, seq, reached)
		} else {
			t.Task.Reply = wire.EndOK(t.Task.Reply, seq)
		}
		t.conn.outbound.Answer(t.Task.Reply)
	}
	if t.next != nil {
		t.next()
	}
	if !t.RPC.External && !t.Task.Hashed() { // extern functions may have kept the call; passwords do not stay in memory
		t.recycle()
	}
}

// keepReply is the capacity up to which the buffers of replies are reused. The queue copies what it sends.
const keepReply = 64 << 10

// takeCall gets a call of an rpc from the pool.
func takeCall(e *catalog.RPC) *rpcCall {
	if t, ok := e.Pool.Get().(*rpcCall); ok {
		t.RPC = e // servers of one registry share the pool
		return t
	}
	t := &rpcCall{Call: catalog.Call{RPC: e, Frame: e.NewFrame()}}
	t.Task.Job, t.Task.Reply = t, make([]byte, 0, 512)
	return t
}

// recycle returns a call to the pool. Its fields are not cleared, since that would cost more than overwriting them, which newCall and the
// runner do.
func (t *rpcCall) recycle() {
	if cap(t.Task.Reply) <= keepReply {
		t.RPC.Pool.Put(t)
	}
}

// newCall checks a call and prepares it to run.
func (c *Conn) newCall(e *catalog.RPC, m *wire.Message) (*rpcCall, error) {
	cfg := &c.conns.cfg
	switch {
	case c.conns.stopping.Load():
		return nil, fault.Unavailable
	case e.Session:
		message := "This starts or ends a session, so call it with POST " + cfg.Base + catalog.RPCPath + e.Path
		return nil, &fault.Error{Code: fault.CodeUseHTTP, Message: message}
	}
	if err := c.room(); err != nil {
		return nil, err
	}
	args := m.Args
	if err := fits(m, e.TextLimit(c.conns.payload)); err != nil {
		return nil, err
	}
	if m.Payload != nil {
		if limit := max(e.MaxBytes, c.conns.payload); len(m.Payload) > limit {
			return nil, fault.TooLarge(limit)
		}
		var err error
		if args, err = cfg.Admission.WithPayload(e, args, m.Payload); err != nil {
			return nil, err
		}
	}
	var seed invoke.Seed
	if len(m.Seed) > 0 {
		var ok bool
		if seed, ok = invoke.ParseSeed(string(m.Seed)); !ok {
			return nil, &fault.Error{Code: fault.CodeMalformed, Message: `The key "k" of a call must be a UUID of version 7`}
		}
	}
	t := takeCall(e)
	if err := cfg.Admission.Call(c.ctx, e, &c.caller, args, t.Frame); err != nil {
		t.recycle()
		return nil, err
	}
	t.conn, t.Task.Message = c, m.ID
	t.Task.Spec, t.Task.From, t.Task.Args, t.Task.Seed, t.Task.Owner = &e.Spec, &c.caller, args, seed, &c.owner
	t.Task.Reply = wire.BeginOK(t.Task.Reply[:0], m.ID)
	if t.held = 0; e.Mode != invoke.Pure {
		t.Task.Turn = identity.TurnOf(&c.caller, c.who.Load())
		t.held = int64(len(args))
		c.conns.memory.Add(t.held)
	}
	return t, nil
}

// room reports why the memory does not suffice for a further answer; nil if it does. It is small, so that the compiler inlines it into
// newCall; see docs/performance.md for what the limits cost a call.
func (c *Conn) room() error {
	if c.conns.memory.Used() <= c.conns.roomy {
		return nil
	}
	return c.roomBeside()
}

// roomBeside is room where others take much.
func (c *Conn) roomBeside() error {
	if reached, ok := c.conns.memory.Room(c.caller.Turn, 0); !ok {
		return fault.NoRoom(reached)
	}
	return nil
}

// fits checks the bounds of a message of which the decoder knows only the frame. limit is in bytes. It is small as room is.
func fits(m *wire.Message, limit int) error {
	if m.Size <= limit && !m.Deep {
		return nil
	}
	return misfit(m, limit)
}

func misfit(m *wire.Message, limit int) error {
	if m.Size > limit {
		return fault.TooLarge(limit)
	}
	return fault.TooDeep
}

// answerError answers a call that Begin has announced.
func (c *Conn) answerError(id uint64, err *fault.Error, next func()) {
	c.outbound.Answer(wire.AppendErr(nil, id, fault.Wire(err)))
	if next != nil {
		next()
	}
}

// work runs fn on a worker of the connection. If all are busy it waits for one, and no more frames of the client are read meanwhile.
func (c *Conn) work(fn func()) {
	if c.workers == nil {
		c.workers = make(chan struct{}, maxWorkers)
	}
	workers := c.workers
	workers <- struct{}{}
	c.conns.cfg.Tasks.Go(func() {
		defer func() { <-workers }()
		fn()
	})
}

// batch runs several calls: in parallel as if they had come one by one, or each after the answer to the one before.
func (c *Conn) batch(m *wire.Message) {
	for range m.Calls {
		c.outbound.Begin()
	}
	calls := m.Calls
	if !m.Sequential {
		for i := range calls {
			c.outbound.AwaitRoom()
			c.call(&calls[i], nil)
		}
		return
	}
	c.work(func() {
		answered := make(chan struct{}, 1)
		for i := range calls {
			c.outbound.AwaitRoom()
			if !c.inForce() {
				return
			}
			c.call(&calls[i], func() { answered <- struct{}{} })
			<-answered
		}
	})
}
