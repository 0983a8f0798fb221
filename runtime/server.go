package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"sync"

	"github.com/livec-lang/livec/runtime/govern"
	"github.com/livec-lang/livec/runtime/idempotency"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/proxy"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/internal/session"
	"github.com/livec-lang/livec/runtime/internal/signal"
	"github.com/livec-lang/livec/runtime/internal/tasks"
	"github.com/livec-lang/livec/runtime/internal/traffic"
	"github.com/livec-lang/livec/runtime/metrics"
	"github.com/livec-lang/livec/runtime/outbound"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/topic"
)

// Server runs one app. It is an http.Handler for the root of any Go HTTP server.
type Server struct {
	reg   *Registry
	opt   Options
	log   *slog.Logger
	store store.Store

	front    *proxy.Front
	govern   *govern.Governor
	traffic  *traffic.Traffic
	faults   *fault.Reporter
	tasks    tasks.Group
	metrics  *metrics.Metrics
	stats    outbound.Stats
	catalog  catalog.Catalog
	engine   engine
	hub      *topic.Hub
	replies  idempotency.Replies
	runner   *invoke.Runner
	sessions *session.Manager
	feeds    *feed.Feeds
	users    *signal.Users
	derived  *derive.Values
	rooms    *room.Rooms
	conns    *conn.Conns
	gateway  *gateway.Gateway

	ctx     context.Context // ends with the server
	cancel  context.CancelFunc
	closing sync.Once
	closed  error
}

// New makes a server from a registry and starts it; Close ends it. The caller must close the store, after the server.
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

// ServeHTTP serves the WebSocket, the HTTP entry points, health and metrics, each at its path in docs/protocol.md.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.gateway.ServeHTTP(w, r) }

// Close stops the server: it refuses new requests and calls, lets the running calls finish and sends their answers, closes each connection
// with 4000, and returns when everything has ended. If ctx ends first, it cuts off the rest and returns the error of ctx.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() { s.closed = s.close(ctx) })
	return s.closed
}

func (s *Server) close(ctx context.Context) error {
	s.gateway.Stop()
	s.conns.Stop()
	drained := make(chan struct{})
	go func() {
		s.gateway.Wait()
		s.conns.Drain()
		close(drained)
	}()
	var err error
	select {
	case <-drained:
	case <-ctx.Done():
		err = ctx.Err()
		s.cancel()
		s.gateway.Cut()
		s.conns.Cut()
		<-drained
	}
	s.cancel()
	s.rooms.Close()
	if failed := s.opt.Presence.Close(); failed != nil {
		s.log.Warn("presence could not be closed", "error", failed)
	}
	s.release()
	return err
}

// release ends what newServer has started. newServer may have failed half way.
func (s *Server) release() {
	s.cancel()
	if s.sessions != nil {
		s.sessions.Close()
	}
	if s.rooms != nil {
		s.rooms.Close()
	}
	if s.feeds != nil {
		s.feeds.Close()
	}
	if s.derived != nil {
		s.derived.Close()
	}
	if s.engine != nil {
		s.engine.Close()
	}
	s.hub.Close()
	s.tasks.Wait()
}

// Settle returns when the server has done everything that it was asked to do, except what waits for its clock: calls have been answered,
// and their changes have been sent. It is for tests whose clients are connected in this process. It does not return while a call waits for
// something else.
func (s *Server) Settle() {
	for {
		s.tasks.WaitIdle()
		s.engine.Settle()
		for !s.hub.Idle() {
			runtime.Gosched()
		}
		if s.tasks.Idle() && s.hub.Idle() {
			return
		}
	}
}
