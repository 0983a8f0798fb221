package runtime

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/livec-lang/livec/runtime/clock"
	"github.com/livec-lang/livec/runtime/presence"
	"github.com/livec-lang/livec/runtime/store/sqlite"
	"github.com/livec-lang/livec/runtime/wire"
)

// waitFor waits for a condition that other goroutines make true.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, again := time.After(time.Minute), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestCloseDrains(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	busy, quiet := greet(t, front, ""), greet(t, front, "")
	busy.send(`{"t":"call","id":1,"m":"chat/wait","a":[]}`)
	<-s.held.entered
	closed := make(chan error)
	go func() { closed <- s.Close(context.Background()) }()
	quiet.wantClose(wire.CloseStopping)
	busy.send(`{"t":"call","id":2,"m":"chat/echo","a":["x"]}`)
	busy.want(`{"t":"err","id":2,"code":"UNAVAILABLE","message":"The server cannot do this now; try again"}`)
	if got := request(t, front, http.MethodGet, "/readyz", ""); got.status != 503 || !strings.Contains(got.body, `"reason":"draining"`) {
		t.Errorf("readiness: %v", got)
	}
	if got := request(t, front, http.MethodGet, "/healthz", ""); got.status != 200 {
		t.Errorf("health: %v", got)
	}
	close(s.held.leave)
	busy.want(`{"t":"ok","id":1,"v":"done","s":0}`)
	busy.wantClose(wire.CloseStopping)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// TestNotReadyOnceToldToStop tells a server to stop that does not do so yet. No more clients are sent to it.
func TestNotReadyOnceToldToStop(t *testing.T) {
	told := make(chan struct{})
	front := startServer(t, func(o *Options) { o.stopping = told }).listen(t)
	if got := request(t, front, http.MethodGet, "/readyz", ""); got.status != 200 {
		t.Errorf("before: %v", got)
	}
	close(told)
	if got := request(t, front, http.MethodGet, "/readyz", ""); got.status != 503 || !strings.Contains(got.body, `"reason":"draining"`) {
		t.Errorf("after: %v", got)
	}
}

func TestCloseCutsOff(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	c.send(`{"t":"call","id":1,"m":"chat/wait","a":[]}`)
	<-s.held.entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Server.close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCloseCutsOffStalledRequests closes a server while a client has announced a body that it does not send.
func TestCloseCutsOffStalledRequests(t *testing.T) {
	s := startServer(t, nil)
	client, err := net.Dial("tcp", s.listen(t).Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = io.WriteString(client, "POST /_live/rpc/chat/echo HTTP/1.1\r\nHost: app\r\nContent-Type: application/json\r\n"+
		"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(client).ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("the server does not wait for the body, but answers %q, %v", line, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Server.close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestNoGoroutineStays runs a server that uses every feature, and checks that Close leaves no goroutine of this module running.
func TestNoGoroutineStays(t *testing.T) {
	t.Run("server", func(t *testing.T) {
		s := startServer(t, nil)
		front := s.listen(t)
		w := greet(t, front, "")
		w.do("chat/promote", `["ann","guest"]`)
		c := greet(t, front, "ann")
		c.send(`{"t":"sub","id":1,"m":"chat/secret","a":["lobby"]}`)
		c.want(`{"t":"off","id":1}`)
		w.do("chat/promote", `["ann","admin"]`)
		c.want(`{"t":"snap","id":1,"c":"*","e":"*","s":0,"v":[]}`)
		c.send(`{"t":"call","id":2,"m":"chat/wait","a":[]}`)
		<-s.held.entered
		close(s.held.leave)
		c.want(`{"t":"ok","id":2,"v":"done","s":0}`)
	})
	var stacks string
	waitFor(t, "all goroutines to end", func() bool {
		buf := make([]byte, 1<<20)
		stacks = string(buf[:runtime.Stack(buf, true)])
		for g := range strings.SplitSeq(stacks, "\n\n") {
			ours := strings.Contains(g, "livec/runtime") || strings.Contains(g, "melody")
			if ours && !strings.Contains(g, "testing.tRunner") {
				return false
			}
		}
		return true
	})
}

// closable is a presence manager that counts how many times it is closed.
type closable struct {
	presence.Manager
	closed int
}

func (c *closable) Close() error {
	c.closed++
	return c.Manager.Close()
}

// TestPresenceIsClosedWithTheServer checks that a server closes its presence manager, but not if New fails.
func TestPresenceIsClosedWithTheServer(t *testing.T) {
	db, err := sqlite.Open(t.Context(), sqlite.Memory, nil, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := &closable{Manager: presence.NewMemory(clock.System{}, 0)}
	if _, err := New(NewRegistry(App{}), Options{Store: db, Presence: c, Secret: []byte("short")}); err == nil || c.closed != 0 {
		t.Errorf("a secret that is too short: %v; presence was closed %d times", err, c.closed)
	}
	s, err := New(NewRegistry(App{}), Options{Store: db, Presence: c})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(t.Context()); err != nil || c.closed != 1 {
			t.Errorf("%v; presence was closed %d times", err, c.closed)
		}
	}
}
