package runtime

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// rpcCall is one call over a connection.
type rpcCall struct {
	task  invoke.Task
	conn  *conn
	entry *rpcEntry
	frame any // the arguments, and then the result
	id    uint64
	next  func() // called when it is answered; nil if nobody waits
}

var _ invoke.Job = (*rpcCall)(nil)

// call runs one call that Begin has announced to the queue. next is called when it is answered; calls with one come from a worker.
func (c *conn) call(m *wire.Message, next func()) {
	s := c.server
	e := s.rpcs[string(m.Path)]
	if e == nil {
		c.answerError(m.ID, &Error{Code: CodeNotFound, Message: "There is no rpc " + string(m.Path)}, next)
		return
	}
	var started time.Time
	if e.spec.Mode != Pure || e.metrics.Timed() {
		started = time.Now()
	}
	t, err := c.newCall(e, m)
	if err != nil {
		failure := s.faults.Report(c.ctx, e.spec.Path, err)
		e.metrics.Ended(failure.Code, started)
		c.answerError(m.ID, failure, next)
		return
	}
	t.task.Started, t.next = started, next
	if e.spec.External && e.spec.Mode != Write && next == nil {
		c.work(func() { s.runner.Start(c.ctx, &t.task) })
		return
	}
	s.runner.Start(c.ctx, &t.task)
}

// Identify is part of invoke.Job.
func (t *rpcCall) Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	return t.conn.identityAt(ctx, tx)
}

// Run is part of invoke.Job.
func (t *rpcCall) Run(in *invoke.Invocation, dst []byte) ([]byte, error) {
	return t.entry.call(in, t.frame, dst)
}

// Ended is part of invoke.Job.
func (t *rpcCall) Ended(seq uint64, failure *Error) {
	if failure != nil {
		t.entry.metrics.Ended(failure.Code, t.task.Started)
		t.conn.answerError(t.id, failure, nil)
	} else {
		t.entry.metrics.Ended("", t.task.Started)
		if reached, ok := t.task.Reached(); ok {
			t.task.Reply = wire.EndReached(t.task.Reply, seq, reached)
		} else {
			t.task.Reply = wire.EndOK(t.task.Reply, seq)
		}
		t.conn.outbound.Answer(t.task.Reply)
	}
	if t.next != nil {
		t.next()
	}
	if !t.entry.spec.External { // outside functions may have kept the call
		t.entry.give(t)
	}
}

// keepReply is the capacity up to which the buffers of replies are used again. What is sent is copied out of them.
const keepReply = 64 << 10

// take gives a call over a connection.
func (e *rpcEntry) take() *rpcCall {
	if t, ok := e.tasks.Get().(*rpcCall); ok {
		return t
	}
	t := &rpcCall{frame: e.frame()}
	t.task.Job, t.task.Reply = t, make([]byte, 0, 512)
	return t
}

// give takes a call back. What it was about stays in it until it is taken again or collected: to clear it would cost more than to have it
// overwritten, which newCall and the runner do.
func (e *rpcEntry) give(t *rpcCall) {
	if cap(t.task.Reply) <= keepReply {
		e.tasks.Put(t)
	}
}

// newCall checks a call and makes it ready to run.
func (c *conn) newCall(e *rpcEntry, m *wire.Message) (*rpcCall, error) {
	s := c.server
	switch {
	case s.stopping.Load():
		return nil, fault.Unavailable
	case e.spec.Session:
		return nil, &Error{Code: CodeUseHTTP, Message: "This starts or ends a session, so call it with POST " + rpcPath + e.spec.Path}
	}
	args := m.Args
	if m.Payload != nil {
		if limit := max(e.maxBytes, s.maxPayload); len(m.Payload) > limit {
			return nil, tooLarge(limit)
		}
		var err error
		if args, err = s.withPayload(e, args, m.Payload); err != nil {
			return nil, err
		}
	}
	var seed invoke.Seed
	if len(m.Seed) > 0 {
		var ok bool
		if seed, ok = invoke.ParseSeed(string(m.Seed)); !ok {
			return nil, &Error{Code: CodeMalformed, Message: `The key "k" of a call must be a UUID of version 7`}
		}
	}
	t := e.take()
	if err := s.prepare(c.ctx, e, &c.caller, args, t.frame); err != nil {
		e.give(t)
		return nil, err
	}
	t.conn, t.entry, t.id = c, e, m.ID
	t.task.Spec, t.task.From, t.task.Args, t.task.Seed, t.task.Owner = &e.spec, &c.caller, args, seed, c.publisher()
	t.task.Reply = wire.BeginOK(t.task.Reply[:0], m.ID)
	return t, nil
}

func tooLarge(limit int) *Error {
	return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("At most %d bytes are allowed here", limit)}
}

// answerError answers a call that Begin announced.
func (c *conn) answerError(id uint64, err *Error, next func()) {
	c.outbound.Answer(wire.AppendErr(nil, id, fault.Wire(err)))
	if next != nil {
		next()
	}
}

// work runs fn on a worker of the connection. It waits for one where all are at work: whoever reads waits, and so does the client.
func (c *conn) work(fn func()) {
	if c.workers == nil {
		c.workers = make(chan struct{}, maxWorkers)
	}
	workers := c.workers
	workers <- struct{}{}
	c.server.tasks.Go(func() {
		defer func() { <-workers }()
		fn()
	})
}

// batch runs several calls: in parallel as if they had come one by one, or each after the answer to the one before.
func (c *conn) batch(m *wire.Message) {
	for range m.Calls {
		c.outbound.Begin()
	}
	calls := m.Calls
	if !m.Sequential {
		for i := range calls {
			c.call(&calls[i], nil)
		}
		return
	}
	c.work(func() {
		answered := make(chan struct{}, 1)
		for i := range calls {
			if !c.inForce() {
				return
			}
			c.call(&calls[i], func() { answered <- struct{}{} })
			<-answered
		}
	})
}

// withPayload puts the raw bytes of a binary call in the place of its bytes argument.
func (s *Server) withPayload(e *rpcEntry, args, payload []byte) ([]byte, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(args, &list); err != nil {
		return nil, &Error{Code: CodeMalformed, Message: "The arguments are not a JSON array"}
	}
	for i, p := range s.validator.Params(e.spec.Path) {
		if i < len(list) && string(list[i]) == "null" && strings.HasPrefix(p.Type, "bytes") {
			text := make([]byte, 0, base64.StdEncoding.EncodedLen(len(payload))+2)
			text = append(text, '"')
			text = base64.StdEncoding.AppendEncode(text, payload)
			list[i] = append(text, '"')
			return json.Marshal(list)
		}
	}
	return nil, &Error{Code: CodeMalformed, Message: e.spec.Path + ` does not take bytes in the place of null`}
}
