package runtime

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// sseDrain bounds how many messages are written in a row, so that the end of the request is noticed.
const sseDrain = 64

// serveStream serves GET /_live/stream/<module>/<name>: the value of a stream, or, for those who accept text/event-stream, its messages as they come
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, streamPath)
	e := s.streams[name]
	switch {
	case !s.admit(w, r, streamEndpoint, name, e != nil):
		return
	case !s.begin():
		s.writeError(w, fault.Unavailable)
		return
	}
	defer s.requests.Done()
	args, _, err := s.validator.FromBody(e.judge, []byte(r.URL.Query().Get("args")))
	if err != nil {
		s.writeError(w, s.faults.Report(r.Context(), name, err))
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		s.serveEvents(w, r, e, args)
		return
	}
	started := time.Now()
	value, err := s.read(r, e, args)
	code := ""
	if err != nil {
		failure := s.faults.Report(r.Context(), name, err)
		code = failure.Code
		s.writeError(w, failure)
	} else {
		writeValue(w, value)
	}
	e.metrics.Done(code, time.Since(started))
}

// read gives the present value of a stream as JSON, null where its gate is closed.
func (s *Server) read(r *http.Request, e *streamEntry, args []byte) ([]byte, error) {
	from := s.httpCaller(r)
	ctx, cancel := context.WithTimeout(r.Context(), invoke.DefaultTimeout)
	defer cancel()
	if err := s.rateByIP(ctx, e.name, e.rateByIP, from); err != nil {
		return nil, err
	}
	a, err := s.arguments(e.judge, args, e.decode, e.parse)
	if err != nil {
		return nil, err
	}
	for range maxRereads {
		value, valid, err := s.readOnce(ctx, e, from, a)
		if err != nil || valid {
			return value, err
		}
	}
	return nil, &Error{Code: CodeUnavailable, Message: "The access rights to this changed too often; try again"}
}

// maxRereads is how often the value of a stream is read, over HTTP, until its checks hold for what it has seen.
const maxRereads = 16

// readOnce runs the checks and reads the value. valid is false where a row that the checks have read changed with a commit
// that the value may have seen.
func (s *Server) readOnce(ctx context.Context, e *streamEntry, from *identity.Caller, args any) (value []byte, valid bool, err error) {
	var who *identity.Identity
	var closed bool
	var seq uint64
	var at place
	var changed atomic.Bool
	request := invoke.Request{
		Spec: invoke.Spec{Path: e.name, Mode: Read}, From: from,
		As: func(ctx context.Context, tx store.Tx) (_ *identity.Identity, err error) {
			seq = tx.Seq()
			who, err = s.runner.Identify(ctx, from, tx)
			return who, err
		},
		Do: func(in *invoke.Invocation) (err error) {
			at, err = e.open(in, args)
			if closed = errors.Is(err, ErrGate); closed {
				return nil
			}
			return err
		},
	}
	cancel, _, err := s.runner.Watch(ctx, request, func() { changed.Store(true) })
	if err != nil {
		return nil, false, err
	}
	if cancel != nil {
		defer cancel()
	}
	if closed {
		return []byte("null"), true, nil
	}
	src, err := e.source(s, &opening{ctx: ctx, entry: e, from: from, who: who, args: args, place: at})
	if err != nil {
		return nil, false, err
	}
	defer src.Release()
	value, _, _, _, err = src.Attach(nil, seq)
	return value, !changed.Load(), err
}

// serveEvents serves a stream as server-sent events: a connection with one subscription.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, e *streamEntry, args []byte) {
	t := &events{
		w: http.NewResponseController(w), out: w, wait: s.opt.WriteWait,
		frames: make(chan []byte, 1), over: make(chan struct{}),
	}
	c := s.newConn(r, t)
	defer c.Gone()
	c.caller.Key = "ip" + c.caller.IP
	c.outbound.Single()
	if err := c.identify(); err != nil {
		s.writeError(w, s.faults.Report(r.Context(), e.name, err))
		return
	}
	h := w.Header()
	started := time.Now()
	c.mu.Lock()
	refusal, err := c.open(&wire.Message{ID: 1, Args: args}, e)
	c.mu.Unlock()
	if err != nil {
		failure := s.faults.Report(r.Context(), e.name, err)
		e.metrics.Done(failure.Code, time.Since(started))
		s.writeError(w, failure)
		return
	}
	code := ""
	if refusal != nil {
		code = refusal.Code
	}
	e.metrics.Done(code, time.Since(started))
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)

	beat := time.NewTicker(s.opt.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case frame := <-t.frames:
			if t.Write(frame) != nil {
				return
			}
			c.outbound.Sent(sseDrain)
			if c.ended() {
				return
			}
		case <-beat.C:
			if t.write(": ", []byte("still here"), "\n\n") != nil {
				return
			}
		case <-t.over:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// ended tells whether a stream of events has nothing more to say: its only subscription is over.
func (c *conn) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.subs) == 0
}

// events is the Transport of a stream of server-sent events. The goroutine of the request writes.
type events struct {
	w      *http.ResponseController
	out    http.ResponseWriter
	wait   time.Duration
	frames chan []byte // at most one is on its way
	over   chan struct{}
	closed atomic.Bool
}

func (t *events) Start(frame []byte) error {
	t.frames <- frame
	return nil
}

func (t *events) Write(frame []byte) error { return t.write("data: ", frame, "\n\n") }

func (t *events) write(before string, data []byte, after string) error {
	// Not every ResponseWriter has deadlines; without one a peer that takes nothing is noticed by the kernel.
	_ = t.w.SetWriteDeadline(time.Now().Add(t.wait))
	for _, part := range [][]byte{[]byte(before), data, []byte(after)} {
		if _, err := t.out.Write(part); err != nil {
			return err
		}
	}
	return t.w.Flush()
}

func (t *events) Close(int, string) { t.Cut() }

func (t *events) Cut() {
	if !t.closed.Swap(true) {
		close(t.over)
	}
}
