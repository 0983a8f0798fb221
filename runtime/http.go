package runtime

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/livec-lang/livec/runtime/console"
	"github.com/livec-lang/livec/runtime/internal/fault"
)

// Paths of the HTTP entry points.
const (
	socketPath = "/_live/ws"
	rpcPath    = "/_live/rpc/"
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
	e := s.rpcs[name]
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
	if e.maxBytes > limit {
		limit = e.maxBytes/3*4 + headerRoom // bytes come as base64
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limit)))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = tooLarge(limit)
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
	if change := t.call.session; change.changed {
		http.SetCookie(w, s.sessionCookie(t.caller.secure, change.cookie, change.ends))
	}
	value := t.reply
	if t.call.signals {
		value = strconv.AppendInt(append(value, `,"reached":`...), int64(t.call.reached), 10)
	}
	writeValue(w, value)
}

// refuseHTTP answers a call that does not come to run.
func (s *Server) refuseHTTP(w http.ResponseWriter, r *http.Request, e *rpcEntry, started time.Time, err error) {
	failure := s.faults.Report(r.Context(), e.name, err)
	e.metrics.Done(failure.Code, time.Since(started))
	s.writeError(w, failure)
}

// callHTTP runs one call of an HTTP request.
func (s *Server) callHTTP(r *http.Request, e *rpcEntry, body []byte, started time.Time) (t *task, failure *Error) {
	from := s.httpCaller(r)
	t, err := func() (*task, error) {
		args, named, err := s.validator.FromBody(e.name, body)
		if err != nil {
			return nil, err
		}
		var seed idSource
		if k := r.Header.Get("Idempotency-Key"); k != "" {
			var ok bool
			if seed, ok = parseSeed(k); !ok {
				return nil, &Error{Code: CodeMalformed, Message: "An Idempotency-Key is a UUID of version 7"}
			}
		}
		space := e.space()
		if err := s.prepare(r.Context(), e, from, args, space); err != nil {
			if named {
				err = s.validator.ByName(e.name, err)
			}
			return nil, err
		}
		return &task{server: s, entry: e, caller: from, space: space, raw: args, seed: seed, started: started}, nil
	}()
	if err != nil {
		failure = s.faults.Report(r.Context(), e.name, err)
		e.metrics.Done(failure.Code, time.Since(started))
		return nil, failure
	}
	done := make(chan struct{})
	t.done = func(err *Error) {
		failure = err
		close(done)
	}
	t.run(r.Context())
	<-done
	return t, failure
}

func (s *Server) httpCaller(r *http.Request) *caller {
	ip := s.opt.ClientIP(r)
	c := newCaller(r, ip, "ip"+ip) // an HTTP request has no connection that could be told from others
	c.secure = s.sentSecurely(r)
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
