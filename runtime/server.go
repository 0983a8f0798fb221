package runtime

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/bus"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/internal/session"
	"github.com/livec-lang/livec/runtime/internal/signal"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/validate"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Defaults of Options and Settings, and bounds that are not for an app to set.
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

	maxFrame  = 256 << 10 // of what is sent, unless one message is larger
	maxLosses = 8         // of a client's place in topics before it is closed
)

// Server runs one app. It is an http.Handler that mounts at the root of any Go HTTP server.
type Server struct {
	reg       *Registry
	faults    *fault.Reporter
	opt       Options
	log       *slog.Logger
	store     store.Store
	rpcs      map[string]*rpcEntry
	streams   map[string]*streamEntry
	validator *validate.Validator
	tasks     tasks.Group
	runner    *invoke.Runner
	engine    engine
	hub       *topic.Hub
	seal      [32]byte // the key that epochs are sealed with, while the server lives
	sessions  *session.Manager
	replies   idempotency.Replies
	metrics   *metrics.Metrics
	stats     outbound.Stats
	config    outbound.Config
	sockets   *outbound.Sockets
	mux       *http.ServeMux

	maxPayload int
	origins    map[string]bool

	feeds   *feed.Feeds
	users   *signal.Users
	derived *derive.Values
	rooms   *room.Rooms
	taken   atomic.Uint64 // events that clients have published
	refused atomic.Uint64 // events that they may not or that do not fit

	ctx      context.Context // ends with the server
	cancel   context.CancelFunc
	requests sync.WaitGroup // over HTTP
	turns    sync.WaitGroup // what streams and rooms do when connections come and go
	stopping atomic.Bool
	closing  sync.Once
	closed   error
	nextConn atomic.Uint64

	mu    sync.Mutex
	conns map[*conn]struct{}
}

// New makes a server of a registry. It starts what the server needs to run; Close ends it. The store stays the caller's to close, after the server.
func New(reg *Registry, opt Options) (*Server, error) {
	if opt.Store == nil {
		return nil, errors.New("a server needs a store: set Options.Store")
	}
	if check := reg.app.CheckEnv; check != nil {
		lookup := opt.LookupEnv
		if lookup == nil {
			lookup = os.LookupEnv
		}
		if err := check(lookup); err != nil {
			return nil, fmt.Errorf("the app's settings: %w", err)
		}
	}
	return newServer(reg, opt, newEngine)
}

// newServer is New with another engine, for an app whose settings are checked.
func newServer(reg *Registry, opt Options, open func(*Server) (engine, error)) (*Server, error) {
	opt.fill()
	s := &Server{
		faults: &fault.Reporter{Log: opt.Logger, Hook: opt.OnError},
		reg:    reg, opt: opt, log: opt.Logger, store: opt.Store,
		rpcs: map[string]*rpcEntry{}, streams: map[string]*streamEntry{},
		maxPayload: reg.app.Settings.MaxPayload,
		origins:    map[string]bool{},
		mux:        http.NewServeMux(),
		conns:      map[*conn]struct{}{},
		users:      signal.New(opt.Bus),
	}
	_, _ = rand.Read(s.seal[:]) // never fails
	if s.maxPayload <= 0 {
		s.maxPayload = defaultMaxPayload
	}
	for _, o := range reg.app.Settings.Origins {
		s.origins[canonicalOrigin(o)] = true
	}
	var err error
	if s.validator, err = validate.New(reg.app.Contract); err != nil {
		return nil, err
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.hub = topic.NewHub(opt.MaxLog)
	report := func(stream string, err error) { _ = s.faults.Report(s.ctx, stream, err) } // passed to the error hook
	s.derived, err = derive.New(derive.Config{
		Context: s.ctx, Bus: opt.Bus, Hub: s.hub, Clock: opt.Clock, Linger: opt.WindowLinger,
		Watch: s.watchTables, Spawn: s.tasks.Go, Report: report,
	}, reg.sources())
	if err == nil {
		s.feeds = feed.New(feed.Config{
			Context: s.ctx, Bus: opt.Bus, Hub: s.hub, Clock: opt.Clock, Linger: opt.WindowLinger,
			Changed: s.derived.Changed, Report: report,
		})
		s.rooms = room.New(room.Config{Context: s.ctx, Feeds: s.feeds, Presence: opt.Presence, Spawn: s.tasks.Go, Report: report})
		s.engine, err = open(s)
	}
	if err != nil {
		s.cancel()
		if s.derived != nil {
			s.derived.Close()
		}
		s.hub.Close()
		return nil, err
	}
	s.measure()
	s.runner = invoke.New(s.runnerConfig())
	if err := s.openSessions(); err != nil {
		s.cancel()
		s.derived.Close()
		s.engine.Close()
		s.hub.Close()
		return nil, err
	}
	largest := s.maxPayload
	for name, e := range reg.rpcs {
		own := *e
		own.metrics = s.metrics.Entry(name)
		s.rpcs[name] = &own
		largest = max(largest, own.maxBytes)
	}
	for name, e := range reg.streams {
		own := *e
		own.metrics = s.metrics.Entry(name)
		s.streams[name] = &own
	}
	for name, room := range reg.rooms {
		if data := s.streams[name+contract.DataPart]; data != nil && data.room == nil {
			room.adopt(data)
		}
	}
	s.config = outbound.Config{MaxFrame: maxFrame, MaxQueue: opt.MaxReply, MaxPending: opt.MaxPending, MaxLosses: maxLosses, Stats: &s.stats}
	s.sockets = outbound.NewSockets(outbound.SocketOptions{
		MaxMessage: largest + headerRoom, Heartbeat: opt.Heartbeat, WriteWait: opt.WriteWait, Origin: s.sameOrigin, Logger: s.log, Accept: s.accept,
	})
	s.routes()
	if reg.app.Sessions {
		s.sessions.Sweep()
	}
	return s, nil
}

// headerRoom is what a frame may have beside the arguments that a limit is about.
const headerRoom = 4 << 10

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

// measure makes the metrics, with what other parts count.
func (s *Server) measure() {
	count := func(n *atomic.Uint64) func() float64 { return func() float64 { return float64(n.Load()) } }
	s.metrics = metrics.New(
		metrics.Source{Name: "live_frames_sent_total", Help: "Frames sent to clients.", Value: count(&s.stats.Frames)},
		metrics.Source{Name: "live_messages_sent_total", Help: "Messages in the frames sent.", Value: count(&s.stats.Messages)},
		metrics.Source{Name: "live_sent_bytes_total", Help: "Bytes of the frames sent.", Value: count(&s.stats.Bytes)},
		metrics.Source{Name: "live_events_delivered_total", Help: "Events of topics among the messages sent.", Value: count(&s.stats.Delivered)},
		metrics.Source{Name: "live_events_total", Help: "Events appended to topics.", Value: func() float64 { return float64(s.hub.Appended()) }},
		metrics.Source{Name: "live_resyncs_total", Help: "Times a client lost its offset in a topic and got the whole data again.", Value: count(&s.stats.Resyncs)},
		metrics.Source{Name: "live_client_events_total", Help: "Events that clients published to channels and rooms.", Value: count(&s.taken)},
		metrics.Source{Name: "live_client_events_refused_total", Help: "Events from clients that were rejected: not allowed, or invalid.", Value: count(&s.refused)},
		metrics.Source{Name: "live_signals_total", Help: "Signals delivered to a connection.", Value: func() float64 { return float64(s.users.Delivered()) }},
		metrics.Source{Name: "live_rooms", Help: "Rooms with at least one member.", Gauge: true, Value: func() float64 { return float64(s.rooms.Len()) }},
		metrics.Source{
			Name: "live_derived_values", Help: "Values of derived streams that are kept.", Gauge: true,
			Value: func() float64 { return float64(s.derived.Len()) },
		},
		metrics.Source{Name: "live_published_topics", Help: "Topics of published streams, channels, presence and cursors in memory.", Gauge: true, Value: func() float64 { return float64(s.feeds.Len()) }},
		metrics.Source{Name: "live_behind_total", Help: "Connections closed because the client was too slow.", Value: count(&s.stats.Behind)},
	)
}

// ServeHTTP serves the WebSocket, the HTTP entry points, health and metrics, each at its path in docs/protocol.md.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close stops the server: it refuses what is new, lets the calls that run finish and be answered, closes each connection with 4000, and returns when all has ended. When ctx ends first,
// it cuts off what is left and gives the error of ctx.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closed = s.close(ctx) })
	return s.closed
}

// begin announces a request over HTTP, which requests.Done ends, unless the server is stopping.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping.Load() {
		return false
	}
	s.requests.Add(1)
	return true
}

// watchTables has again called, until cancel, for each commit that may change a table.
func (s *Server) watchTables(tables []*relation.Table, again func()) (cancel func()) {
	deps := make([]watch.Dependency, len(tables))
	for i, t := range tables {
		deps[i] = watch.Dependency{Table: t}
	}
	return s.engine.Watch(deps, again)
}

// runnerConfig is what the runner of generated code works with.
func (s *Server) runnerConfig() invoke.Config {
	cfg := invoke.Config{
		Context: s.ctx, Store: s.store, Watcher: &watch.Watcher{Store: s.store, Engine: s.engine}, Clock: instant.New(s.opt.Clock),
		Limits: s.opt.Limiter, Replies: &s.replies, Faults: s.faults, Log: s.log, Tasks: &s.tasks, Retried: s.metrics.Retries.Inc,
		Face: func(in *invoke.Invocation) any { return &Call{in: in, server: s} },
	}
	if app := &s.reg.app; app.Upgrade != nil {
		cfg.Upgrade = func(in *invoke.Invocation) (user any, key string, err error) {
			if user, err = app.Upgrade(callOf(in)); err != nil || user == nil {
				return nil, "", err
			}
			if app.UserKey != nil {
				key = app.UserKey(user)
			}
			return user, key, nil
		}
	}
	return cfg
}

func (s *Server) close(ctx context.Context) error {
	s.mu.Lock()
	s.stopping.Store(true)
	open := maps.Clone(s.conns)
	s.mu.Unlock()
	for c := range open {
		c.stop()
	}
	drained := make(chan struct{})
	go func() {
		s.sockets.Wait()
		s.requests.Wait()
		s.mu.Lock()
		left := maps.Clone(s.conns) // of clients in this process
		s.mu.Unlock()
		for c := range left {
			c.Gone()
		}
		s.turns.Wait()
		close(drained)
	}()
	var err error
	select {
	case <-drained:
	case <-ctx.Done():
		err = ctx.Err()
		s.cancel()
		s.mu.Lock()
		left := maps.Clone(s.conns)
		s.mu.Unlock()
		for c := range left {
			c.outbound.Cut()
		}
		<-drained
	}
	s.cancel()
	s.sessions.Close()
	s.rooms.Close()
	s.feeds.Close()
	s.derived.Close()
	s.engine.Close()
	s.hub.Close()
	s.tasks.Wait()
	return err
}
