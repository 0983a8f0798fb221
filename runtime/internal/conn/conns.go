// Package conn has the connections of clients: who each one is, what it has subscribed to, and what it calls and publishes. It speaks the
// protocol of docs/protocol.md, whatever carries the frames.
//
// Rights hold in commit order. The engine notifies watchers of a commit before the calls in it are answered and before anything that comes
// of it leaves. A watcher of what a right was read from only notes that, and holds back what depends on the right: the events of a
// subscription, or all that a connection gets unasked. A check then reads again and lets it go on, or ends it. So nothing of a commit, nor
// of a later one, reaches those whose right has ended with it, and a call that begins once a commit was acknowledged finds what it has
// changed.
package conn

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/instant"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/internal/signal"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Engine keeps live queries; package livequery is the one that servers run.
type Engine interface {
	watch.Engine
	// Open gives the window of a query with these parameters, which all who open it share. Release it in the end.
	Open(ctx context.Context, q *relation.Query, params []relation.Value) (Window, error)
}

// Window is what subscribers of a query with the same parameters hold.
type Window interface {
	// Attach appends the value as JSON, and gives the sequence of the last event of the topic that is in it. more: there are further pages.
	Attach(dst []byte) (json []byte, t *topic.Topic, seq uint64, more bool)
	// Reach returns once the window has taken in the commits up to seq.
	Reach(ctx context.Context, seq uint64) error
	// Topic is the topic of the window's events.
	Topic() *topic.Topic
	// More loads a further page. It does nothing where there is none.
	More(ctx context.Context) error
	Release()
}

// Config is what the connections of a server work with.
type Config struct {
	Context   context.Context // ends with the server
	Catalog   *catalog.Catalog
	Admission *catalog.Admission
	Runner    *invoke.Runner
	Engine    Engine
	Feeds     *feed.Feeds
	Derived   *derive.Values
	Rooms     *room.Rooms
	Users     *signal.Users
	Faults    *fault.Reporter
	Tasks     *tasks.Group
	Metrics   *metrics.Metrics
	Clock     *instant.Clock
	Queue     outbound.Config

	Hash       string // of the contract
	Epoch      string // of topics, since the server has started
	Heartbeat  time.Duration
	HelloWait  time.Duration // for the first message of a connection
	MaxPayload int           // bytes of a frame
	ClientIP   func(*http.Request) string
	Secure     func(*http.Request) bool // whether a request came over HTTPS
	UserKey    func(user any) string    // nil where users have none
}

// Conns are the connections of a server.
type Conns struct {
	cfg      Config
	seal     [32]byte       // the key that epochs are sealed with
	turns    sync.WaitGroup // what streams and rooms do when connections come and go
	next     atomic.Uint64  // number of connections so far
	accepted atomic.Uint64
	refused  atomic.Uint64
	stopping atomic.Bool

	mu   sync.Mutex
	open map[*Conn]struct{}
}

// New makes the connections of a server.
func New(cfg Config) *Conns {
	s := &Conns{cfg: cfg, open: map[*Conn]struct{}{}}
	_, _ = rand.Read(s.seal[:]) // never fails
	return s
}

// Accept makes the connection of a WebSocket. It is closed if it does not say hello in time.
func (s *Conns) Accept(r *http.Request, t outbound.Transport) (*outbound.Queue, outbound.Handler) {
	c := s.Connect(r, t)
	c.deadline = time.AfterFunc(s.cfg.HelloWait, func() { c.outbound.Close(wire.CloseHello, "Say hello first") })
	return c.outbound, c
}

// Connect makes a connection of a request. t carries what the client is sent. Gone ends the connection.
func (s *Conns) Connect(r *http.Request, t outbound.Transport) *Conn {
	c := &Conn{conns: s, caller: identity.NewCaller(r, s.cfg.ClientIP(r), strconv.FormatUint(s.next.Add(1), 36))}
	c.caller.ConnID, c.caller.Secure = c.caller.Key, s.cfg.Secure(r)
	if user, ok := identity.Assumed(r.Context()); ok {
		c.assumed = &identity.Identity{User: user}
		if user != nil && s.cfg.UserKey != nil {
			c.assumed.Key = s.cfg.UserKey(user)
		}
	}
	c.jobs.conns, c.turns.conns, c.turns.pending = s, s, &s.turns
	c.ctx, c.cancel = context.WithCancel(s.cfg.Context)
	c.outbound = outbound.New(&s.cfg.Queue, t, c.lost)
	s.mu.Lock()
	s.open[c] = struct{}{}
	stopping := s.stopping.Load()
	s.mu.Unlock()
	s.cfg.Metrics.Connections.Inc()
	if stopping {
		c.stop()
	}
	return c
}

// all gives the connections that are open now.
func (s *Conns) all() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.open))
}

// Len is how many connections there are.
func (s *Conns) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Accepted is how many events clients have published.
func (s *Conns) Accepted() uint64 { return s.accepted.Load() }

// Refused is how many events clients may not publish, or do not fit.
func (s *Conns) Refused() uint64 { return s.refused.Load() }

// Stop refuses what is new, and ends each connection once its calls are answered.
func (s *Conns) Stop() {
	s.mu.Lock()
	s.stopping.Store(true)
	s.mu.Unlock()
	for _, c := range s.all() {
		c.stop()
	}
}

// Drain ends the connections that no transport ends by itself, and waits for what streams and rooms do when connections go.
func (s *Conns) Drain() {
	for _, c := range s.all() {
		c.Gone()
	}
	s.turns.Wait()
}

// Cut ends all connections at once.
func (s *Conns) Cut() {
	for _, c := range s.all() {
		c.outbound.Cut()
	}
}
