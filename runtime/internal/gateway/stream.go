package gateway

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/outbound"
)

// maxDrain bounds how many messages are written in a row before the end of the request is checked.
const maxDrain = 64

// serveStream serves GET /_live/stream/<module>/<name>: the value of a stream or, for those who accept text/event-stream, its messages as
// server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
func (g *Gateway) serveStream(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, g.cfg.Base+StreamPath)
	e := g.cfg.Catalog.Streams[name]
	if !g.admit(w, r, streamEndpoint, name, e != nil) {
		return
	}
	x := g.begin(w, r)
	if x == nil {
		WriteError(w, fault.Unavailable)
		return
	}
	defer x.end()
	if err := x.room(); err != nil {
		WriteError(x, g.report(r, name, err))
		return
	}
	args, _, err := g.cfg.Validator.FromText("The query parameter args", e.Schema, []byte(r.URL.Query().Get("args")))
	if err != nil {
		WriteError(x, g.report(r, name, err))
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		g.serveEvents(x, r, e, args)
		return
	}
	started := time.Now()
	value, err := g.cfg.Conns.Read(r.Context(), e, g.Caller(r), args)
	code := ""
	switch {
	case err != nil:
		failure := g.report(r, name, err)
		code = failure.Code
		WriteError(x, failure)
	case value == nil: // the gate is closed
		WriteJSON(x, []byte(`{"value":null,"off":true}`))
	default:
		writeValue(x, value)
	}
	g.slow(r, e.Name, e.Metrics.Done(code, time.Since(started)))
}

// serveEvents serves a stream as server-sent events, over a Conn with one subscription.
func (g *Gateway) serveEvents(w http.ResponseWriter, r *http.Request, e *catalog.Stream, args []byte) {
	release, ok := g.admitConnection(w, r)
	if !ok {
		return
	}
	defer release()
	t := &events{
		control: http.NewResponseController(w), out: w,
		frames: make(chan []byte, 1), over: make(chan struct{}),
	}
	c := g.cfg.Conns.Connect(r, t)
	defer c.Gone()
	c.Single()
	if err := c.Identify(); err != nil {
		WriteError(w, g.report(r, e.Name, err))
		return
	}
	started := time.Now()
	refusal, err := c.Subscribe(e, args)
	if err != nil {
		failure := g.report(r, e.Name, err)
		g.slow(r, e.Name, e.Metrics.Done(failure.Code, time.Since(started)))
		WriteError(w, failure)
		return
	}
	code := ""
	if refusal != nil {
		code = refusal.Code
	}
	g.slow(r, e.Name, e.Metrics.Done(code, time.Since(started)))
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	g.pump(r, c, t)
}

// pump writes the messages of a stream of events until it ends.
func (g *Gateway) pump(r *http.Request, c *conn.Conn, t *events) {
	beat := time.NewTicker(g.cfg.Sockets.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case frame := <-t.frames:
			if t.Write(frame) != nil {
				return
			}
			c.Sent(maxDrain)
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

// events is the transport of server-sent events. Only the goroutine of the request writes.
type events struct {
	control *http.ResponseController
	out     http.ResponseWriter
	frames  chan []byte // holds one frame at most
	over    chan struct{}
	closed  atomic.Bool
}

var _ outbound.Transport = (*events)(nil)

func (t *events) Start(frame []byte) error {
	t.frames <- frame
	return nil
}

func (t *events) Write(frame []byte) error { return t.write("data: ", frame, "\n\n") }

func (t *events) write(before string, data []byte, after string) error {
	for _, part := range [][]byte{[]byte(before), data, []byte(after)} {
		if _, err := t.out.Write(part); err != nil {
			return err
		}
	}
	return t.control.Flush()
}

func (t *events) Close(int, string) { t.Cut() }

func (t *events) Cut() {
	if !t.closed.Swap(true) {
		close(t.over)
	}
}
