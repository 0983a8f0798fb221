package runtime

import (
	"context"
	"fmt"
	"net/http"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/console"
	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/proxy"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/internal/signal"
	"github.com/livec-lang/livec/runtime/internal/site"
	"github.com/livec-lang/livec/runtime/internal/traffic"
	"github.com/livec-lang/livec/runtime/internal/validate"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/ratelimit"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// maxFrame bounds the bytes of a frame that is sent, unless it has one message that is larger.
const maxFrame = 256 << 10

// maxHeld times the limit of unsent answers, and one answer of any size, is what waits for one client at most: calls that run already still
// answer when reading from the client pauses.
const maxHeld = 4

// newServer is New with another engine, for an app whose settings were checked. It makes the parts of a server in the order of their
// dependencies: the Config of each part has those that were made before.
func newServer(reg *Registry, opt Options, open func(*Server) (engine, error)) (*Server, error) {
	opt.fill()
	var err error
	if opt.Origins, err = reg.origins(opt.Origins); err != nil {
		return nil, fmt.Errorf("the origins of the app: %w", err)
	}
	if opt.Base, err = site.ParseBase(opt.Base); err != nil {
		return nil, fmt.Errorf("Options.Base: %w", err)
	}
	set := reg.app.Settings.Limits.With(opt.Limits)
	if err := set.Check(); err != nil {
		return nil, fmt.Errorf("Options.Limits: %w", err)
	}
	memory := govern.Memory()
	if err := set.FitMemory(memory); err != nil {
		return nil, misuse{err}
	}
	files := govern.Files()
	set, lowered := govern.Fit(set, files)
	if lowered {
		opt.Logger.Warn("maxConnections is lower than what is set, since the system allows too few open files; raise its limit (ulimit -n)",
			"files", files, "maxConnections", set[limits.MaxConnections])
	}
	governor := govern.New(set, memory, opt.Logger)
	if opt.Limiter == nil {
		opt.Limiter = ratelimit.NewMemory(governor.Account(limits.MaxRateMemory))
	}
	s := &Server{
		reg: reg, opt: opt, log: opt.Logger, store: opt.Store,
		front:   proxy.NewFront(opt.TrustedProxies, opt.Logger),
		traffic: traffic.New(governor),
		faults:  &fault.Reporter{Log: opt.Logger, Hook: opt.OnError, Reached: governor.Reached},
		replies: idempotency.Replies{MaxEach: governor.Int(limits.MaxStoredPerCaller), MaxTotal: governor.Int(limits.MaxStored)},
		hub:     topic.NewHub(governor.Int(limits.MaxLog)), users: signal.New(opt.Bus), govern: governor,
	}
	if s.opt.ClientIP == nil {
		s.opt.ClientIP = s.front.IP
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if err := s.wire(open); err != nil {
		s.release()
		return nil, err
	}
	if reg.app.Sessions {
		s.sessions.Sweep()
	}
	return s, nil
}

func (s *Server) wire(open func(*Server) (engine, error)) error {
	app, opt := &s.reg.app, &s.opt
	validator, err := validate.New(app.Contract)
	if err != nil {
		return err
	}
	s.faults.Codes = validator.Codes()
	report := func(stream string, err error) { s.faults.Unseen(s.ctx, stream, err) }
	s.derived, err = derive.New(derive.Config{
		Context: s.ctx, Bus: opt.Bus, Hub: s.hub, Clock: opt.Clock, Govern: s.govern,
		Watch: s.watchTables, Spawn: s.tasks.Go, Report: report,
		Delayed: func(stream string, err error) { s.faults.Delayed(s.ctx, stream, err) },
	}, s.reg.sources())
	if err != nil {
		return err
	}
	s.feeds = feed.New(feed.Config{
		Context: s.ctx, Bus: opt.Bus, Hub: s.hub, Clock: opt.Clock, Govern: s.govern,
		Changed: s.derived.Changed, Report: report,
	})
	s.rooms = room.New(room.Config{Context: s.ctx, Feeds: s.feeds, Presence: opt.Presence, Spawn: s.tasks.Go, Report: report})
	if s.engine, err = open(s); err != nil {
		return err
	}
	s.measure()
	s.runner = invoke.New(s.runnerConfig())
	if err := s.openSessions(); err != nil {
		return err
	}
	s.catalog = s.reg.catalog(s.metrics)
	admission := &catalog.Admission{Runner: s.runner, Validator: validator, Metrics: s.metrics}
	s.conns = conn.New(s.connConfig(admission))
	s.gateway = gateway.New(s.gatewayConfig(admission, validator))
	if !opt.Production {
		s.gateway.Handle(opt.Base+console.Path, console.Handler(app.Contract, opt.Base)) // and the contract
		s.gateway.Handle("GET "+opt.Base+roomsPath, http.HandlerFunc(s.serveOverview))
	}
	return nil
}

// catalog describes what a registry declares, for one server, whose metrics count its calls.
func (r *Registry) catalog(m *metrics.Metrics) catalog.Catalog {
	c := catalog.Catalog{RPCs: map[string]*catalog.RPC{}, Streams: map[string]*catalog.Stream{}}
	for name, e := range r.rpcs {
		own := *e
		own.Metrics = m.EntryPoint(name)
		c.RPCs[name] = &own
	}
	for name, e := range r.streams {
		own := *e
		own.Metrics = m.EntryPoint(name)
		c.Streams[name] = &own
	}
	for name, room := range r.rooms {
		if data := c.Streams[name+contract.DataPart]; data != nil && data.Room == nil {
			room.Adopt(data)
		}
	}
	return c
}

// watchTables calls again, until cancel, for each commit that may change a table.
func (s *Server) watchTables(tables []*relation.Table, again func()) (cancel func()) {
	deps := make([]store.Dependency, len(tables))
	for i, t := range tables {
		deps[i] = store.Dependency{Table: t}
	}
	return s.engine.Watch(deps, again)
}

// runnerConfig is the Config of the runner of generated code.
func (s *Server) runnerConfig() invoke.Config {
	cfg := invoke.Config{
		Context: s.ctx, Store: s.store, Watcher: &watch.Watcher{Store: s.store, Engine: s.engine}, Clock: instant.New(s.opt.Clock),
		Limits: s.opt.Limiter, Replies: &s.replies, Faults: s.faults, Log: s.log, Tasks: &s.tasks, Retried: s.metrics.Retries.Inc,
		Hashers: s.govern.Int(limits.Hashers), MaxHashes: s.govern.Int(limits.MaxHashes), MaxHashesEach: s.govern.Int(limits.MaxHashesPerCaller),
		Govern: s.govern,
		Resume: func(in *invoke.Invocation, mark string) (identity.SessionChange, error) {
			return s.sessions.Resume(in, mark)
		},
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

// connConfig is the Config of the connections.
func (s *Server) connConfig(admission *catalog.Admission) conn.Config {
	opt := &s.opt
	return conn.Config{
		Context: s.ctx, Catalog: &s.catalog, Admission: admission, Runner: s.runner, Engine: s.engine,
		Feeds: s.feeds, Derived: s.derived, Rooms: s.rooms, Users: s.users,
		Faults: s.faults, Tasks: &s.tasks, Metrics: s.metrics, Clock: instant.New(opt.Clock),
		Queue: outbound.Config{
			MaxFrame: maxFrame, MaxQueue: s.govern.Int(limits.MaxUnsent), MaxPending: s.govern.Int(limits.MaxPending),
			MaxHeld: maxHeld*s.govern.Int(limits.MaxUnsent) + s.govern.Int(limits.MaxResult), Govern: s.govern,
			MaxLosses: s.govern.Int(limits.MaxResyncs), Stats: &s.stats,
		},
		Hash: s.reg.app.Hash, Hashes: admission.Validator.Hashes(), Epoch: s.hub.Epoch(), Govern: s.govern, Traffic: s.traffic,
		ClientIP: opt.ClientIP, Secure: s.sentSecurely, UserKey: s.reg.app.UserKey, Base: opt.Base,
	}
}

// gatewayConfig is the Config of the HTTP gateway.
func (s *Server) gatewayConfig(admission *catalog.Admission, validator *validate.Validator) gateway.Config {
	opt := &s.opt
	var shown http.Handler
	if !opt.Production && !opt.metricsApart {
		shown = s.metrics.Handler()
	}
	return gateway.Config{
		Catalog: &s.catalog, Admission: admission, Validator: validator, Runner: s.runner, Sessions: s.sessions, Conns: s.conns,
		Faults: s.faults, Metrics: shown, Unready: s.unready, Stopping: s.opt.stopping,
		Sockets: outbound.SocketOptions{
			Heartbeat: s.govern.Time(limits.Heartbeat), WriteWait: s.govern.Time(limits.WriteWait), Logger: s.log,
		},
		Base: opt.Base, Origins: opt.Origins, OriginVars: s.reg.originVars(), Govern: s.govern, Traffic: s.traffic,
		ClientIP: opt.ClientIP, Secure: s.sentSecurely, Find: s.front.Find, Trusted: s.front.Trusts,
	}
}
