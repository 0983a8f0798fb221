// Package gateway serves an app over HTTP: WebSockets, calls, streams, health and metrics, each at its path in docs/protocol.md.
package gateway

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rs/cors"

	"github.com/livec-lang/livec/internal/throttle"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/proxy"
	"github.com/livec-lang/livec/runtime/internal/session"
	"github.com/livec-lang/livec/runtime/internal/traffic"
	"github.com/livec-lang/livec/runtime/internal/validate"
	"github.com/livec-lang/livec/runtime/outbound"
)

// Paths of the HTTP entry points.
const (
	SocketPath = "/_live/ws"
	RPCPath    = catalog.RPCPath
	StreamPath = "/_live/stream/"
)

// Config is what a Gateway needs. All fields are required, unless they say otherwise.
type Config struct {
	Catalog   *catalog.Catalog
	Admission *catalog.Admission
	Validator *validate.Validator
	Runner    *invoke.Runner
	Sessions  *session.Manager
	Conns     *conn.Conns
	Faults    *fault.Reporter
	Sockets   outbound.SocketOptions // without MaxMessage, Intake, Origin, Admit and Accept
	Metrics   http.Handler           // nil if they are served elsewhere
	Stopping  <-chan struct{}        // closed once the program has been told to stop; nil if nothing tells it
	Unready   func() []Reason        // why clients should not be sent here; none if they should

	Base       string // the path below which all this is served, such as /app; "" for the root
	Govern     *govern.Governor
	Traffic    *traffic.Traffic
	Origins    []string // further origins that may connect, in lower case; the server's own always may
	OriginVars []string // the settings of the app that hold some of them
	ClientIP   func(*http.Request) string
	Trusted    func(*http.Request) bool // whether the peer of a request is a trusted proxy
	Secure     func(*http.Request) bool // whether the cookies for the client of a request are for HTTPS
	Find       func(*http.Request) proxy.Client
}

// Gateway is the HTTP handler of a server.
type Gateway struct {
	cfg     Config
	mux     *http.ServeMux
	sockets *outbound.Sockets
	intake  *intake.Intake
	origins map[string]bool
	refused throttle.Log // writes of refused origins

	mu        sync.Mutex
	requests  sync.WaitGroup
	exchanges map[*exchange]struct{}
	stopping  bool
}

// New makes a Gateway.
func New(cfg Config) *Gateway {
	g := &Gateway{cfg: cfg, mux: http.NewServeMux(), origins: map[string]bool{}, exchanges: map[*exchange]struct{}{}}
	for _, o := range cfg.Origins {
		g.origins[o] = true
	}
	g.intake = intake.New(cfg.Govern)
	sockets := cfg.Sockets
	sockets.Intake = g.intake
	sockets.MaxMessage = cfg.Catalog.LargestFrame(cfg.Govern.Int(limits.MaxPayload))
	sockets.Admit = g.admitConnection
	sockets.Origin, sockets.Accept = g.mayConnect, cfg.Conns.Accept
	g.sockets = outbound.NewSockets(sockets)
	g.mux.HandleFunc(cfg.Base+SocketPath, g.serveSocket)
	g.mux.Handle(cfg.Base+RPCPath, g.crossOrigin(http.MethodPost, g.serveRPC))
	g.mux.Handle(cfg.Base+StreamPath, g.crossOrigin(http.MethodGet, g.serveStream))
	g.watch("")
	if cfg.Base != "" {
		g.watch(cfg.Base)
	}
	if cfg.Metrics != nil {
		g.mux.Handle("GET "+cfg.Base+"/metrics", g.Guard(cfg.Metrics))
	}
	return g
}

// Handle serves a further pattern of http.ServeMux. It must be called before the first request.
func (g *Gateway) Handle(pattern string, h http.Handler) { g.mux.Handle(pattern, h) }

// ServeHTTP is part of http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.identify(w, r)
	g.mux.ServeHTTP(w, r)
}

// Stop refuses new requests. Running requests go on.
func (g *Gateway) Stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stopping = true
}

// Wait returns when all requests and WebSockets have ended. Stop must be called before.
func (g *Gateway) Wait() {
	g.sockets.Wait()
	g.requests.Wait()
}

// stopped reports whether the server is stopping.
func (g *Gateway) stopped() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopping
}

func (g *Gateway) serveSocket(w http.ResponseWriter, r *http.Request) {
	if g.stopped() {
		WriteError(w, fault.Unavailable)
		return
	}
	if g.admitRequest(w, r) {
		g.sockets.ServeHTTP(w, r)
	}
}

// Caller is the caller of an HTTP request. A request has no connection to count an anonymous caller by, so its address is used.
func (g *Gateway) Caller(r *http.Request) *identity.Caller {
	c := identity.NewCaller(r, g.cfg.ClientIP(r), "")
	c.Key = "ip" + c.Network()
	c.Secure = g.cfg.Secure(r)
	return &c
}

// mayConnect is sameOrigin that logs the origins that it refuses, each now and then: often the app is served under a name that it does not
// list.
func (g *Gateway) mayConnect(r *http.Request) bool {
	if g.sameOrigin(r) {
		return true
	}
	origin := r.Header.Get("Origin")
	places := append([]string{"`origins` of the app"}, g.cfg.OriginVars...)
	g.refused.Write(g.cfg.Faults.Log, slog.LevelWarn, origin,
		"a page of another origin was refused; if it is yours, list it in "+strings.Join(places, ", ")+
			" or --origins (LIVE_ORIGINS), or have the proxy pass on Host",
		"header", "Origin", "origin", origin, "host", r.Host)
	return false
}

// sameOrigin reports whether a browser page may connect to this server: a page of the server itself, or of an origin that the app lists.
// Clients other than browsers send no Origin.
func (g *Gateway) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	if g.origins[canonicalOrigin(origin)] {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	c := g.cfg.Find(r)
	// Over HTTPS, a page that came without it is foreign: whoever sits between may have written it.
	return strings.EqualFold(u.Host, c.Host) && !(c.HTTPS && strings.EqualFold(u.Scheme, "http"))
}

func canonicalOrigin(origin string) string { return strings.ToLower(strings.TrimSuffix(origin, "/")) }

// preflightAge is how long a browser may cache the answer to a preflight.
const preflightAge = 10 * time.Minute

// crossOrigin lets pages of the origins that the app lists read answers (https://fetch.spec.whatwg.org/#http-cors-protocol).
func (g *Gateway) crossOrigin(method string, h http.HandlerFunc) http.Handler {
	return cors.New(cors.Options{
		AllowOriginFunc:  func(origin string) bool { return g.origins[canonicalOrigin(origin)] },
		AllowedMethods:   []string{method},
		AllowedHeaders:   []string{"Content-Type", "Authorization", "Idempotency-Key"},
		AllowCredentials: true,
		MaxAge:           int(preflightAge / time.Second),
	}).Handler(h)
}

// endpoint has the differences between rpcs and streams before they run.
type endpoint struct {
	method, usage string
	kind          string
	verb          string // what is done to the server
}

var (
	rpcEndpoint    = endpoint{method: http.MethodPost, usage: "Call an rpc with POST", kind: "rpc", verb: "call"}
	streamEndpoint = endpoint{method: http.MethodGet, usage: "Read a stream with GET", kind: "stream", verb: "read from"}
)

// admit checks the method, the name and the origin of a request. If it returns false, it has answered.
func (g *Gateway) admit(w http.ResponseWriter, r *http.Request, p endpoint, name string, known bool) bool {
	switch {
	case r.Method != p.method:
		w.Header().Set("Allow", p.method)
		writeFailure(w, http.StatusMethodNotAllowed, &fault.Error{Code: fault.CodeMalformed, Message: p.usage})
	case !known:
		WriteError(w, &fault.Error{Code: fault.CodeNotFound, Message: "There is no " + p.kind + " " + name})
	case !g.mayConnect(r):
		WriteError(w, &fault.Error{
			Code: fault.CodeForbidden, Message: "This origin may not " + p.verb + " this server. List it among the app's origins.",
		})
	default:
		return g.admitRequest(w, r)
	}
	return false
}
