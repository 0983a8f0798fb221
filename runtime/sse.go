package runtime

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// sseDrain bounds how many messages are written in a row, so that the end of the request is noticed.
const sseDrain = 64

// serveStream serves GET /_live/stream/<module>/<name>: the value of a stream, or, for those who accept text/event-stream, its messages as they come
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, streamPath)
	e := s.catalog.Streams[name]
	switch {
	case !s.admit(w, r, streamEndpoint, name, e != nil):
		return
	case !s.begin():
		s.writeError(w, fault.Unavailable)
		return
	}
	defer s.requests.Done()
	args, _, err := s.validator.FromBody(e.Schema, []byte(r.URL.Query().Get("args")))
	if err != nil {
		s.writeError(w, s.faults.Report(r.Context(), name, err))
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		s.serveEvents(w, r, e, args)
		return
	}
	started := time.Now()
	value, err := s.conns.Read(r.Context(), e, s.httpCaller(r), args)
	code := ""
	if err != nil {
		failure := s.faults.Report(r.Context(), name, err)
		code = failure.Code
		s.writeError(w, failure)
	} else {
		writeValue(w, value)
	}
	e.Metrics.Done(code, time.Since(started))
}

// serveEvents serves a stream as server-sent events: a connection with one subscription.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, e *catalog.Stream, args []byte) {
	t := &events{
		w: http.NewResponseController(w), out: w, wait: s.opt.WriteWait,
		frames: make(chan []byte, 1), over: make(chan struct{}),
	}
	c := s.conns.Connect(r, t)
	defer c.Gone()
	c.Single()
	if err := c.Identify(); err != nil {
		s.writeError(w, s.faults.Report(r.Context(), e.Name, err))
		return
	}
	h := w.Header()
	started := time.Now()
	refusal, err := c.Subscribe(e, args)
	if err != nil {
		failure := s.faults.Report(r.Context(), e.Name, err)
		e.Metrics.Done(failure.Code, time.Since(started))
		s.writeError(w, failure)
		return
	}
	code := ""
	if refusal != nil {
		code = refusal.Code
	}
	e.Metrics.Done(code, time.Since(started))
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
			c.Sent(sseDrain)
			if c.Ended() {
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
