package runtime

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
)

// Options say where and how an app runs. Only Store is required; zero values mean the default.
type Options struct {
	Store      store.Store
	Logger     *slog.Logger                // slog.Default unless set
	Production bool                        // hides the console and the contract
	Clock      clock.Clock                 // of calls, and of all that waits: throttles, grace, expiry; the machine's unless set
	LookupEnv  func(string) (string, bool) // where the app's settings are read; os.LookupEnv unless set

	// OnError is called with every error that reaches a client as INTERNAL.
	OnError func(ctx context.Context, entryPoint string, err error)
	// ClientIP is the address of a request's client, behind a proxy that is trusted; the address of the peer unless set.
	ClientIP func(*http.Request) string

	// Secret signs session cookies. It has at least 32 bytes; without it no session can start.
	Secret []byte
	// OldSecrets have signed cookies before, which stay valid. Each has at least 32 bytes.
	OldSecrets [][]byte
	SessionAge time.Duration // from signing in to the end of a session; 30 days
	// SecureCookies has session cookies sent over HTTPS only (Secure, with the prefix __Host-). Auto: in production, and where the request
	// came over HTTPS.
	SecureCookies Switch

	// Limiter counts rate limits; in the memory of this process unless set.
	Limiter ratelimit.Limiter
	// Bus carries events and signals to all servers of the app; within this process unless set.
	Bus bus.Bus
	// Presence keeps the members of rooms, on all servers of the app; in the memory of this process, with Grace, unless set. The server
	// closes it.
	Presence presence.Manager
	Grace    time.Duration // a member of a room who returns within this time has not left; 5 s, negative for none

	Heartbeat    time.Duration // between pings; 25 s
	HelloWait    time.Duration // for the first message of a connection; 10 s
	WriteWait    time.Duration // for the peer to accept one frame; 10 s
	MaxPending   int           // calls of one connection that run or wait; 1024
	MaxReply     int           // bytes of replies that wait for one connection before reading from it pauses; 1 MiB
	MaxLog       int           // bytes of events kept for each topic; 1 MiB
	WindowLinger time.Duration // what is shown stays this long after its last subscriber; 30 s
}

// Switch is an option that is on, off, or for the server to decide.
type Switch uint8

// The positions of a Switch.
const (
	Auto Switch = iota
	On
	Off
)

// Defaults of Options and Settings.
const (
	defaultHeartbeat  = 25 * time.Second
	defaultHelloWait  = 10 * time.Second
	defaultWriteWait  = 10 * time.Second
	defaultMaxPending = 1024
	defaultMaxReply   = 1 << 20
	defaultMaxLog     = 1 << 20
	defaultLinger     = 30 * time.Second
	defaultGrace      = 5 * time.Second
	defaultSessionAge = 30 * 24 * time.Hour
	defaultMaxPayload = 64 << 10
)

// fill gives the options that are not set their defaults.
func (o *Options) fill() {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.ClientIP == nil {
		o.ClientIP = identity.RemoteIP
	}
	if o.Limiter == nil {
		o.Limiter = ratelimit.NewMemory()
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
	set(&o.Heartbeat, defaultHeartbeat)
	set(&o.HelloWait, defaultHelloWait)
	set(&o.WriteWait, defaultWriteWait)
	set(&o.WindowLinger, defaultLinger)
	set(&o.MaxPending, defaultMaxPending)
	set(&o.MaxReply, defaultMaxReply)
	set(&o.MaxLog, defaultMaxLog)
	set(&o.SessionAge, defaultSessionAge)
}

// set gives an option that is not set its default.
func set[T int | time.Duration](option *T, value T) {
	if *option <= 0 {
		*option = value
	}
}
