// Package livetest runs an app in the process of a test: its server, with a database in memory and a clock that stands still, and clients
// that are connected to it without a network. Calls, checks, transactions, subscriptions and events are the real ones.
//
//	env := livetest.New(t, app.NewRegistry())
//	ann, bob := env.Connect(nil), env.Connect(nil)
//	messages := bob.Subscribe("chat/messages", "lobby")
//	ann.MustCall("chat/send", "lobby", "hi")
//	messages.WaitFor(func(v livetest.JSON) bool { return v.Len() == 1 })
//
// Each method of a client returns once the server has done everything that follows from it, except what waits for the clock, which
// Env.Advance moves. So a test never sleeps, and what has not happened by then will not happen.
package livetest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"
	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// Start is what the clock shows at first.
var Start = time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)

// patience is how long a test waits for the server, by the clock of the machine.
const patience = 10 * time.Second

// Env is one app that runs.
type Env struct {
	Server *live.Server
	Clock  *clock.Manual

	t        testing.TB
	registry *live.Registry
	keys     keys

	mu     sync.Mutex
	errors []error
}

// New starts an app. Each change may set options of the server, such as the store or the grace time. The server ends with the test.
func New(t testing.TB, registry *live.Registry, change ...func(*live.Options)) *Env {
	t.Helper()
	e := &Env{t: t, registry: registry, Clock: clock.NewManual(Start)}
	opt := live.Options{
		Secret: []byte(strings.Repeat("livetest", 4)), Clock: e.Clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		OnError: func(_ context.Context, entryPoint string, err error) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.errors = append(e.errors, fmt.Errorf("%s: %w", entryPoint, err))
		},
	}
	for _, c := range change {
		c(&opt)
	}
	if opt.Store == nil {
		options := sqlite.Options{Logger: opt.Logger, Queries: registry.Queries()}
		db, err := sqlite.Open(context.Background(), sqlite.Memory, registry.Tables(), options)
		if err != nil {
			t.Fatalf("livetest: opening a database in memory: %v", err)
		}
		opt.Store = db
		t.Cleanup(func() { _ = db.Close() })
	}
	var err error
	if e.Server, err = live.New(registry, opt); err != nil {
		t.Fatalf("livetest: %v", err)
	}
	t.Cleanup(e.Close)
	return e
}

// Close stops the server: connections are closed with 4000.
func (e *Env) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := e.Server.Close(ctx); err != nil {
		e.t.Errorf("livetest: stopping the server: %v", err)
	}
}

// Advance moves the clock on: throttled and debounced events are sent, rows expire, grace times end. It returns once everything
// that follows is done.
func (e *Env) Advance(d time.Duration) {
	e.Clock.Advance(d, e.Settle)
	e.Settle()
}

// Settle returns once the server has done everything that it was asked to do. The methods of clients call it.
func (e *Env) Settle() { e.Server.Settle() }

// Errors are the errors that have reached the error hook of the server so far.
func (e *Env) Errors() []error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]error(nil), e.errors...)
}

// Connect connects a client as a user: a value as the app's upgrade returns it, or nil for nobody. The app's upgrade is not called. A
// struct, such as a row, counts as the pointer to it that generated code uses.
func (e *Env) Connect(user any) *Client {
	e.t.Helper()
	if v := reflect.ValueOf(user); v.Kind() == reflect.Struct {
		row := reflect.New(v.Type())
		row.Elem().Set(v)
		user = row.Interface()
	}
	return e.connect(func(c *Client) *live.Local {
		r := c.request()
		return e.Server.Connect(r.WithContext(identity.Assume(r.Context(), user)), c.receive, c.ended)
	}, http.Header{})
}

// ConnectSession signs in the user with a key, and connects a client with that session. The app's upgrade identifies the user.
func (e *Env) ConnectSession(key string) *Client {
	e.t.Helper()
	return e.ConnectWith(e.SignIn(key))
}

// SignIn starts a session of the user with a key, and returns the headers of a browser that has its cookie.
func (e *Env) SignIn(key string) http.Header {
	e.t.Helper()
	cookie, err := e.Server.StartSession(context.Background(), key, httptest.NewRequest(http.MethodGet, "/", nil))
	if err != nil {
		e.t.Fatalf("livetest: %v", err)
	}
	e.Settle()
	return http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}
}

// ConnectWith connects a client whose request has these headers. The app's upgrade finds out who it is.
func (e *Env) ConnectWith(h http.Header) *Client {
	e.t.Helper()
	return e.connect(func(c *Client) *live.Local { return e.Server.Connect(c.request(), c.receive, c.ended) }, h)
}

// ConnectTo is ConnectWith for a request whose URL has this query.
func (e *Env) ConnectTo(query string, h http.Header) *Client {
	e.t.Helper()
	return e.connect(func(c *Client) *live.Local {
		r := c.request()
		r.URL.RawQuery = query
		return e.Server.Connect(r, c.receive, c.ended)
	}, h)
}

func (e *Env) connect(dial func(*Client) *live.Local, h http.Header) *Client {
	e.t.Helper()
	c := &Client{env: e, t: e.t, dial: dial, header: h, streams: map[uint64]*Stream{}, calls: map[uint64]chan message{}}
	c.changed.L = &c.mu
	c.Reconnect()
	return c
}

// Request makes a request over HTTP, to the path with the query.
func (e *Env) Request(method, target string, h http.Header, body string) *httptest.ResponseRecorder {
	e.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, values := range h {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	e.Server.ServeHTTP(w, r)
	e.Settle()
	return w
}
