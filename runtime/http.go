package runtime

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/runtime/console"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// Paths of the HTTP entry points.
const (
	socketPath = "/_live/ws"
	rpcPath    = catalog.RPCPath
	streamPath = "/_live/stream/"
)

func (s *Server) routes() {
	s.mux.Handle(socketPath, http.HandlerFunc(s.serveSocket))
	s.mux.HandleFunc(rpcPath, s.serveRPC)
	s.mux.HandleFunc(streamPath, s.serveStream)
	s.mux.HandleFunc("GET /healthz", s.serveHealth)
	s.mux.Handle("GET /metrics", s.metrics.Handler())
	if !s.opt.Production {
		s.mux.Handle(console.Path, console.Handler(s.reg.app.Contract)) // and the contract
		s.mux.HandleFunc("GET "+roomsPath, s.serveOverview)
	}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		s.writeError(w, fault.Unavailable)
		return
	}
	s.sockets.ServeHTTP(w, r)
}

func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if s.stopping.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"status":"stopping"}`)
		return
	}
	_, _ = io.WriteString(w, `{"status":"ok"}`)
}

// sameOrigin tells whether a browser page may talk to this server: one that the server itself has served, or of an origin that the app lists. What is no browser sends no
// Origin.
func (s *Server) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host) || s.origins[canonicalOrigin(origin)]
}

func canonicalOrigin(origin string) string { return strings.ToLower(strings.TrimSuffix(origin, "/")) }

// crossOrigin lets pages of the origins that the app lists read the answer (https://fetch.spec.whatwg.org/#http-cors-protocol). It gives false where it has answered.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request, methods string) bool {
	h := w.Header()
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); s.origins[canonicalOrigin(origin)] {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", methods)
			h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization, Idempotency-Key")
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return false
		}
	}
	return true
}

// endpoint is what tells rpcs and streams apart before they run.
type endpoint struct {
	method, usage string
	kind          string
	verb          string // what is done to the server
}

var (
	rpcEndpoint    = endpoint{method: http.MethodPost, usage: "Call an rpc with POST", kind: "rpc", verb: "call"}
	streamEndpoint = endpoint{method: http.MethodGet, usage: "Read a stream with GET", kind: "stream", verb: "read from"}
)

// admit checks the method, the name and the origin of a request. It gives false where it has answered.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, p endpoint, name string, known bool) bool {
	if !s.crossOrigin(w, r, p.method) {
		return false
	}
	switch {
	case r.Method != p.method:
		w.Header().Set("Allow", p.method)
		s.writeFailure(w, http.StatusMethodNotAllowed, &Error{Code: CodeMalformed, Message: p.usage})
	case !known:
		s.writeError(w, &Error{Code: CodeNotFound, Message: "There is no " + p.kind + " " + name})
	case !s.sameOrigin(r):
		s.writeError(w, &Error{Code: CodeForbidden, Message: "This origin may not " + p.verb + " this server. List it among the app's origins."})
	default:
		return true
	}
	return false
}

// serveRPC serves POST /_live/rpc/<module>/<name>.
func (s *Server) serveRPC(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	name := strings.TrimPrefix(r.URL.Path, rpcPath)
	e := s.catalog.RPCs[name]
	switch {
	case !s.admit(w, r, rpcEndpoint, name, e != nil):
		return
	case !isJSON(r):
		s.writeFailure(w, http.StatusUnsupportedMediaType, &Error{Code: CodeMalformed, Message: "Send the arguments as application/json"})
		return
	case !s.begin():
		s.writeError(w, fault.Unavailable)
		return
	}
	defer s.requests.Done()
	limit := s.maxPayload
	if e.MaxBytes > limit {
		limit = e.MaxBytes/3*4 + headerRoom // bytes come as base64
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limit)))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = fault.TooLarge(limit)
		} else {
			err = &Error{Code: CodeMalformed, Message: "The body could not be read"}
		}
		s.refuseHTTP(w, r, e, started, err)
		return
	}
	t, failure := s.callHTTP(r, e, body, started)
	if failure != nil {
		s.writeError(w, failure)
		return
	}
	if change := t.task.Session(); change.Changed {
		http.SetCookie(w, s.sessions.Cookie(t.task.From, change))
	}
	value := t.task.Reply
	if reached, ok := t.task.Reached(); ok {
		value = strconv.AppendInt(append(value, `,"reached":`...), int64(reached), 10)
	}
	writeValue(w, value)
}

// refuseHTTP answers a call that does not come to run.
func (s *Server) refuseHTTP(w http.ResponseWriter, r *http.Request, e *catalog.RPC, started time.Time, err error) {
	failure := s.faults.Report(r.Context(), e.Path, err)
	e.Metrics.Done(failure.Code, time.Since(started))
	s.writeError(w, failure)
}

// httpCall is one call of an HTTP request.
type httpCall struct {
	task    invoke.Task
	server  *Server
	entry   *catalog.RPC
	frame   any // the arguments, and then the result
	failure *Error
	done    chan struct{}
}

var _ invoke.Job = (*httpCall)(nil)

// Identify is part of invoke.Job.
func (t *httpCall) Identify(ctx context.Context, tx store.Tx) (*identity.Identity, error) {
	if tx == nil {
		return t.server.runner.IdentifyNow(ctx, t.task.From)
	}
	return t.server.runner.Identify(ctx, t.task.From, tx)
}

// Run is part of invoke.Job.
func (t *httpCall) Run(in *invoke.Invocation, dst []byte) ([]byte, error) {
	return t.entry.Call(in, t.frame, dst)
}

// Ended is part of invoke.Job.
func (t *httpCall) Ended(_ uint64, failure *Error) {
	code := ""
	if t.failure = failure; failure != nil {
		code = failure.Code
	}
	t.entry.Metrics.Ended(code, t.task.Started)
	close(t.done)
}

// callHTTP runs one call of an HTTP request.
func (s *Server) callHTTP(r *http.Request, e *catalog.RPC, body []byte, started time.Time) (*httpCall, *Error) {
	t, err := s.newHTTPCall(r, e, body)
	if err != nil {
		failure := s.faults.Report(r.Context(), e.Path, err)
		e.Metrics.Done(failure.Code, time.Since(started))
		return nil, failure
	}
	t.task.Started = started
	s.runner.Start(r.Context(), &t.task)
	<-t.done
	return t, t.failure
}

// newHTTPCall checks a call and makes it ready to run.
func (s *Server) newHTTPCall(r *http.Request, e *catalog.RPC, body []byte) (*httpCall, error) {
	args, named, err := s.validator.FromBody(e.Path, body)
	if err != nil {
		return nil, err
	}
	t := &httpCall{server: s, entry: e, frame: e.NewFrame(), done: make(chan struct{})}
	t.task.Job, t.task.Spec, t.task.From, t.task.Args = t, &e.Spec, s.httpCaller(r), args
	if k := r.Header.Get("Idempotency-Key"); k != "" {
		var ok bool
		if t.task.Seed, ok = invoke.ParseSeed(k); !ok {
			return nil, &Error{Code: CodeMalformed, Message: "An Idempotency-Key must be a UUID of version 7"}
		}
	}
	if err := s.admission.Call(r.Context(), e, t.task.From, args, t.frame); err != nil {
		if named {
			err = s.validator.ByName(e.Path, err)
		}
		return nil, err
	}
	return t, nil
}

// httpCaller is the caller of an HTTP request.
func (s *Server) httpCaller(r *http.Request) *identity.Caller {
	ip := s.opt.ClientIP(r)
	c := identity.NewCaller(r, ip, "ip"+ip) // an HTTP request has no connection that could be told from others
	c.Secure = s.sentSecurely(r)
	return &c
}

func isJSON(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/json"
}

// writeValue answers with a value, as JSON, and the members that stand behind it.
func writeValue(w http.ResponseWriter, value []byte) {
	head(w)
	_, _ = w.Write(append(append([]byte(`{"value":`), value...), '}'))
}

func (s *Server) writeError(w http.ResponseWriter, e *Error) { s.writeFailure(w, status(e.Code), e) }

func (s *Server) writeFailure(w http.ResponseWriter, status int, e *Error) {
	head(w)
	f := fault.Wire(e)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(f.Seconds(), 10))
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(f.Append([]byte(`{"error":`)), '}'))
}

func head(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}
