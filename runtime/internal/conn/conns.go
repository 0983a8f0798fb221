// Package conn has the connections of clients: the identity of each one, its subscriptions, its calls and its publishing. It implements the
// protocol of docs/protocol.md, independently of the transport.
//
// Rights hold in commit order. The engine notifies watchers of a commit before the calls in it are answered and before anything that
// results from it is sent. The watcher of a right only marks it, and puts on hold what depends on it: the events of a subscription, or all
// messages to a connection but answers. A check then reads again, and releases or ends what was on hold. So nothing of a commit, or of a
// later one, reaches those who lose their right with it, and a call that begins after a commit was acknowledged sees its changes.
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

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/govern"
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
	"github.com/livec-lang/livec/runtime/internal/traffic"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/topic"
	"github.com/livec-lang/livec/runtime/wire"
)

// Engine runs live queries. Servers use package livequery.
type Engine interface {
	watch.Engine
	// Open gives the window of a query with these parameters, which is shared by all who open it. Release must be called in the end.
	Open(ctx context.Context, q *relation.Query, params []relation.Value) (Window, error)
}

// Window is the live result of a query with certain parameters.
type Window interface {
	// Attach appends the value as JSON, and gives the offset of the last event of the topic that is in it. more: there are further pages.
	Attach(dst []byte) (json []byte, t *topic.Topic, offset uint64, more bool)
	// Reach returns once the window includes the commits up to seq.
	Reach(ctx context.Context, seq uint64) error
	// Topic is the topic of the window's events.
	Topic() *topic.Topic
	// More loads a further page, if there is one.
	More(ctx context.Context) error
	Release()
}

// Config is what the connections of a server need.
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

	Hash     string            // of the contract
	Hashes   map[string]string // of the entry points in the contract, by name
	Epoch    string            // of topics, since the server has started
	Govern   *govern.Governor
	Traffic  *traffic.Traffic
	ClientIP func(*http.Request) string
	Secure   func(*http.Request) bool // whether a request came over HTTPS
	UserKey  func(user any) string    // nil if users have no keys
	Base     string                   // the path below which the app is served, such as /app; "" for the root
}

// Conns are the connections of a server.
type Conns struct {
	cfg       Config
	maxFrame  int             // bytes
	payload   int             // bytes of the arguments of a call; limits.MaxPayload
	memory    *govern.Account // limits.MaxQueueMemory
	roomy     int64           // bytes in use of it while nobody is refused
	seal      [32]byte        // the key that seals epochs
	visitJobs sync.WaitGroup  // what streams and rooms run when connections subscribe and unsubscribe
	next      atomic.Uint64   // number of connections so far
	accepted  atomic.Uint64
	refused   atomic.Uint64
	stopping  atomic.Bool

	mu   sync.Mutex
	open map[*Conn]struct{}
}

// New makes the connections of a server.
func New(cfg Config) *Conns {
	memory, payload := cfg.Govern.Account(limits.MaxQueueMemory), cfg.Govern.Int(limits.MaxPayload)
	s := &Conns{
		cfg: cfg, maxFrame: cfg.Catalog.LargestFrame(payload), payload: payload, memory: memory, roomy: memory.Roomy(),
		open: map[*Conn]struct{}{},
	}
	_, _ = rand.Read(s.seal[:]) // never fails
	return s
}

// Accept makes the connection of a WebSocket. It is closed if hello does not arrive in time.
func (s *Conns) Accept(r *http.Request, t outbound.Transport) (*outbound.Queue, outbound.Handler) {
	c := s.Connect(r, t)
	c.deadline = time.AfterFunc(s.cfg.Govern.Time(limits.HelloWait), func() { c.outbound.Close(wire.CloseHello, "Say hello first") })
	return c.outbound, c
}

// Connect makes a connection for a request. t sends messages to the client. Gone ends the connection.
func (s *Conns) Connect(r *http.Request, t outbound.Transport) *Conn {
	c := &Conn{conns: s, caller: identity.NewCaller(r, s.cfg.ClientIP(r), strconv.FormatUint(s.next.Add(1), 36))}
	c.caller.ConnID, c.caller.Secure = c.caller.Key, s.cfg.Secure(r)
	if user, ok := identity.Assumed(r.Context()); ok {
		c.assumed = &identity.Identity{User: user}
		if user != nil && s.cfg.UserKey != nil {
			c.assumed.Key = s.cfg.UserKey(user)
		}
	}
	c.jobs.conns, c.visitJobs.conns, c.visitJobs.pending = s, s, &s.visitJobs
	c.jobs.caller, c.visitJobs.caller = &c.caller, &c.caller
	c.ctx, c.cancel = context.WithCancel(s.cfg.Context)
	c.outbound = outbound.New(&s.cfg.Queue, t, c.lost)
	c.outbound.For(c.caller.Turn)
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

// all lists the open connections.
func (s *Conns) all() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.open))
}

// Len is the number of connections.
func (s *Conns) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Accepted is the number of events that clients have published.
func (s *Conns) Accepted() uint64 { return s.accepted.Load() }

// Refused is the number of events that clients were not allowed to publish, or that were invalid.
func (s *Conns) Refused() uint64 { return s.refused.Load() }

// Stop refuses new messages, and ends each connection after the answers of its calls.
func (s *Conns) Stop() {
	s.mu.Lock()
	s.stopping.Store(true)
	s.mu.Unlock()
	for _, c := range s.all() {
		c.stop()
	}
}

// Drain ends the connections that have no transport to end them, and waits for what streams and rooms run when connections end.
func (s *Conns) Drain() {
	for _, c := range s.all() {
		c.Gone()
	}
	s.visitJobs.Wait()
}

// Cut ends all connections at once.
func (s *Conns) Cut() {
	for _, c := range s.all() {
		c.outbound.Cut()
	}
}
