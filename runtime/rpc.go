package runtime

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/wire"
)

// call runs one call that Begin has announced to the queue. next is told when it is answered; calls with one come from a worker.
func (c *conn) call(m *wire.Message, next func()) {
	s := c.server
	e := s.rpcs[string(m.Path)]
	if e == nil {
		c.answerError(m.ID, &Error{Code: CodeNotFound, Message: "There is no rpc " + string(m.Path)}, next)
		return
	}
	var started time.Time
	if e.mode != Pure || e.metrics.Timed() {
		started = time.Now()
	}
	t, err := c.newTask(e, m)
	if err != nil {
		failure := s.faults.Report(c.ctx, e.name, err)
		e.metrics.Ended(failure.Code, started)
		c.answerError(m.ID, failure, next)
		return
	}
	t.started, t.next = started, next
	if e.external && e.mode != Write && next == nil {
		c.work(func() { t.run(c.ctx) })
		return
	}
	t.run(c.ctx)
}

// answer answers a call that has ended.
func (c *conn) answer(t *task, seq uint64, failure *Error) {
	if failure != nil {
		c.answerError(t.id, failure, nil)
	} else {
		if t.call.signals {
			t.reply = wire.EndReached(t.reply, seq, t.call.reached)
		} else {
			t.reply = wire.EndOK(t.reply, seq)
		}
		c.outbound.Answer(t.reply)
	}
	if t.next != nil {
		t.next()
	}
}

// newTask checks a call and makes ready to run it.
func (c *conn) newTask(e *rpcEntry, m *wire.Message) (*task, error) {
	s := c.server
	switch {
	case s.stopping.Load():
		return nil, fault.Unavailable
	case e.session:
		return nil, &Error{Code: CodeUseHTTP, Message: "This starts or ends a session: call it with POST " + rpcPath + e.name}
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
	var seed idSource
	if len(m.Seed) > 0 {
		var ok bool
		if seed, ok = parseSeed(string(m.Seed)); !ok {
			return nil, &Error{Code: CodeMalformed, Message: `The key "k" of a call is a UUID of version 7`}
		}
	}
	t := e.take()
	if err := s.prepare(c.ctx, e, &c.caller, args, t.space); err != nil {
		e.give(t)
		return nil, err
	}
	t.server, t.entry, t.caller, t.raw, t.seed = s, e, &c.caller, args, seed
	t.conn, t.id, t.reply = c, m.ID, wire.BeginOK(t.reply[:0], m.ID)
	t.cancel, t.tries, t.limited, t.seq = nil, 0, nil, 0
	t.call.after, t.call.signals = nil, false
	return t, nil
}

func tooLarge(limit int) *Error {
	return &Error{Code: CodeTooLarge, Message: fmt.Sprintf("At most %d bytes are taken here", limit)}
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
	c.server.spawn(func() {
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
	for i, p := range s.validator.Params(e.name) {
		if i < len(list) && string(list[i]) == "null" && strings.HasPrefix(p.Type, "bytes") {
			text := make([]byte, 0, base64.StdEncoding.EncodedLen(len(payload))+2)
			text = append(text, '"')
			text = base64.StdEncoding.AppendEncode(text, payload)
			list[i] = append(text, '"')
			return json.Marshal(list)
		}
	}
	return nil, &Error{Code: CodeMalformed, Message: e.name + ` takes no bytes where the call has null`}
}
