package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/conn"
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

	maxFrame = 256 << 10 // of what is sent, unless one message is larger
)

// maxLosses is how often a client may lose its place in topics before it is closed. A test lowers it.
var maxLosses = 8

// Server runs one app. It is an http.Handler that mounts at the root of any Go HTTP server.
type Server struct {
	reg       *Registry
	faults    *fault.Reporter
	opt       Options
	log       *slog.Logger
	store     store.Store
	catalog   catalog.Catalog
	validator *validate.Validator
	admission *catalog.Admission
	tasks     tasks.Group
	runner    *invoke.Runner
	engine    engine
	hub       *topic.Hub
	sessions  *session.Manager
	replies   idempotency.Replies
	metrics   *metrics.Metrics
	stats     outbound.Stats
	sockets   *outbound.Sockets
	mux       *http.ServeMux

	maxPayload int
	origins    map[string]bool

	feeds   *feed.Feeds
	users   *signal.Users
	derived *derive.Values
	rooms   *room.Rooms
	conns   *conn.Conns

	ctx      context.Context // ends with the server
	cancel   context.CancelFunc
	requests sync.WaitGroup // over HTTP
	stopping atomic.Bool
	closing  sync.Once
	closed   error

	mu sync.Mutex // of begin
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
		catalog:    catalog.Catalog{RPCs: map[string]*catalog.RPC{}, Streams: map[string]*catalog.Stream{}},
		maxPayload: reg.app.Settings.MaxPayload,
		origins:    map[string]bool{},
		mux:        http.NewServeMux(),
		users:      signal.New(opt.Bus),
	}
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
		own.Metrics = s.metrics.Entry(name)
		s.catalog.RPCs[name] = &own
		largest = max(largest, own.MaxBytes)
	}
	for name, e := range reg.streams {
		own := *e
		own.Metrics = s.metrics.Entry(name)
		s.catalog.Streams[name] = &own
	}
	for name, room := range reg.rooms {
		if data := s.catalog.Streams[name+contract.DataPart]; data != nil && data.Room == nil {
			room.Adopt(data)
		}
	}
	s.admission = &catalog.Admission{Runner: s.runner, Validator: s.validator, Metrics: s.metrics}
	s.conns = conn.New(s.connConfig())
	s.sockets = outbound.NewSockets(outbound.SocketOptions{
		MaxMessage: largest + headerRoom, Heartbeat: opt.Heartbeat, WriteWait: opt.WriteWait, Origin: s.sameOrigin, Logger: s.log, Accept: s.conns.Accept,
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
		metrics.Source{Name: "live_client_events_total", Help: "Events that clients published to channels and rooms.", Value: func() float64 { return float64(s.conns.Accepted()) }},
		metrics.Source{Name: "live_client_events_refused_total", Help: "Events from clients that were rejected: not allowed, or invalid.", Value: func() float64 { return float64(s.conns.Refused()) }},
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

// connConfig is what the connections work with.
func (s *Server) connConfig() conn.Config {
	opt := &s.opt
	return conn.Config{
		Context: s.ctx, Catalog: &s.catalog, Admission: s.admission, Runner: s.runner, Engine: s.engine,
		Feeds: s.feeds, Derived: s.derived, Rooms: s.rooms, Users: s.users,
		Faults: s.faults, Tasks: &s.tasks, Metrics: s.metrics, Clock: instant.New(opt.Clock),
		Queue: outbound.Config{
			MaxFrame: maxFrame, MaxQueue: opt.MaxReply, MaxPending: opt.MaxPending, MaxLosses: maxLosses, Stats: &s.stats,
		},
		Hash: s.reg.app.Hash, Epoch: s.hub.Epoch(), Heartbeat: opt.Heartbeat, HelloWait: opt.HelloWait, MaxPayload: s.maxPayload,
		ClientIP: opt.ClientIP, Secure: s.sentSecurely, UserKey: s.reg.app.UserKey,
	}
}

func (s *Server) close(ctx context.Context) error {
	s.mu.Lock()
	s.stopping.Store(true)
	s.mu.Unlock()
	s.conns.Stop()
	drained := make(chan struct{})
	go func() {
		s.sockets.Wait()
		s.requests.Wait()
		s.conns.Drain()
		close(drained)
	}()
	var err error
	select {
	case <-drained:
	case <-ctx.Done():
		err = ctx.Err()
		s.cancel()
		s.conns.Cut()
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
