package runtime

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Options say where and how an app runs. Only Store is required; for all other fields, the zero value means the default.
type Options struct {
	Store      store.Store
	Logger     *slog.Logger                // default: slog.Default
	Production bool                        // hides the console, the contract and the metrics
	Base       string                      // the path below which the app is served, such as /app; default: the root
	Clock      clock.Clock                 // for calls and for everything that waits: throttles, grace, expiry; default: the machine's
	LookupEnv  func(string) (string, bool) // reads the app's settings; default: os.LookupEnv

	// OnError is called with every error that reaches a client as INTERNAL, and with those that no client waits for, such as a `fail` in
	// `on subscribe` or in a derived stream.
	OnError func(ctx context.Context, entryPoint string, err error)
	// TrustedProxies are the addresses of proxies in front of the server. What they say of a client counts: its address (X-Forwarded-For or
	// Forwarded), its scheme and the host that it asked for. Headers of all others count for nothing.
	TrustedProxies []netip.Prefix
	// Origins are origins of web pages that may connect, besides the server's own and those of the app, such as https://app.example.
	Origins []string
	// ClientIP gives the address of a request's client, if TrustedProxies cannot find it, such as by a header of one provider.
	ClientIP func(*http.Request) string

	// Secret signs session cookies, in at least 32 bytes. Without it no session can start.
	Secret []byte
	// OldSecrets are earlier secrets, whose cookies stay valid. Each has at least 32 bytes.
	OldSecrets [][]byte
	SessionAge time.Duration // from signing in to the end of a session; 30 days
	// SecureCookies sends session cookies over HTTPS only (Secure, with the prefix __Host-, or __Secure- below a Base). Auto does so in
	// production, and for requests over HTTPS.
	SecureCookies Switch

	// Limiter counts rate limits; default: in the memory of this process. If it must be closed, the caller closes it, after the server.
	Limiter ratelimit.Limiter
	// Bus carries events and signals to all servers of the app; default: within this process. If it must be closed, the caller closes it,
	// after the server.
	Bus bus.Bus
	// Presence keeps the members of rooms, on all servers of the app; in the memory of this process, with Grace, unless set. Server.Close
	// closes it, since it holds the connections of one server; if New fails, it stays open.
	Presence presence.Manager
	Grace    time.Duration // a member who returns to a room within this time has not left; 5 s, negative for none

	metricsApart bool            // the metrics are served elsewhere
	stopping     <-chan struct{} // closed once the program has been told to stop

	// Limits override the app's own; docs/limits.md lists them. Package limits reads them from the environment.
	Limits limits.Values
}

// Switch is an option that is on, off, or decided by the server.
type Switch uint8

// The positions of a Switch.
const (
	Auto Switch = iota
	On
	Off
)

// Defaults of Options.
const (
	defaultGrace      = 5 * time.Second
	defaultSessionAge = 30 * 24 * time.Hour
)

// fill sets the options that are not set to their defaults.
func (o *Options) fill() {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Bus == nil {
		o.Bus = bus.NewMemory()
	}
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	if o.Presence == nil {
		o.Presence = presence.NewMemory(o.Clock, o.Grace)
	}
	if o.SessionAge <= 0 {
		o.SessionAge = defaultSessionAge
	}
}
