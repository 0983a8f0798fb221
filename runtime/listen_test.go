package runtime

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/wire"
)

// running is a program that serves.
type running struct {
	addr string
	logs *lockedBuffer
	stop func()
	code chan int
}

// serveProgram runs a program until the test ends.
func serveProgram(t *testing.T, env map[string]string, args ...string) *running {
	t.Helper()
	env["LIVE_ADDR"] = "127.0.0.1:0"
	env["LIVE_SECRET"] = strings.Repeat("x", 32)
	p, out, errs := testProgram(env)
	ctx, stop := context.WithCancel(context.Background())
	r := &running{logs: errs, stop: stop, code: make(chan int, 1)}
	go func() { r.code <- p.run(ctx, append([]string{"--db", ":memory:"}, args...)) }()
	t.Cleanup(stop)
	waitFor(t, "the server to say where it listens", func() bool {
		if m := regexp.MustCompile(`http://([0-9.:]+)`).FindStringSubmatch(out.String()); m != nil {
			r.addr = m[1]
		}
		return r.addr != "" || len(r.code) > 0
	})
	if r.addr == "" {
		t.Fatalf("it does not serve: %s", errs)
	}
	return r
}

// get reads a path with a Host.
func (r *running) get(t *testing.T, addr, host, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

// freeAddr is an address at which nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMetricsHaveTheirAddress(t *testing.T) {
	apart := freeAddr(t)
	for _, test := range []struct {
		name   string
		env    map[string]string
		public int
		log    bool
	}{
		{name: "development", env: map[string]string{}, public: 200},
		{name: "development, apart", env: map[string]string{"LIVE_METRICS_ADDR": apart}, public: 404},
		{name: "production", env: map[string]string{"LIVE_ENV": "production"}, public: 404, log: true},
		{name: "production, apart", env: map[string]string{"LIVE_ENV": "production", "LIVE_METRICS_ADDR": apart}, public: 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := serveProgram(t, test.env)
			if got, _ := r.get(t, r.addr, "", "/metrics"); got != test.public {
				t.Errorf("the public address gives %d", got)
			}
			if test.env["LIVE_METRICS_ADDR"] != "" {
				for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
					if got, body := r.get(t, apart, "", path); got != 200 {
						t.Errorf("%s apart gives %d %s", path, got, body)
					}
				}
			}
			if got := strings.Contains(r.logs.String(), "set --metrics-addr"); got != test.log {
				t.Errorf("the log: %s", r.logs)
			}
			r.stop()
			if code := <-r.code; code != exitOK {
				t.Errorf("exit code %d: %s", code, r.logs)
			}
		})
	}
}

func TestForeignHosts(t *testing.T) {
	for _, test := range []struct {
		mode, hosts, host string
		status            int
	}{
		{"development", "", "", 200}, {"development", "", "localhost:1", 200}, {"development", "", "evil.example", 403},
		{"development", "app.example", "app.example", 200}, {"production", "", "app.example", 200},
		{"production", "app.example", "evil.example", 403},
	} {
		r := serveProgram(t, map[string]string{"LIVE_ENV": test.mode, "LIVE_HOSTS": test.hosts})
		if got, body := r.get(t, r.addr, test.host, "/healthz"); got != test.status || got == 403 && !strings.Contains(body, "LIVE_HOSTS") {
			t.Errorf("%+v: %d %s", test, got, body)
		}
		if logged := strings.Contains(r.logs.String(), "a request for another host was refused"); logged != (test.status == 403) {
			t.Errorf("%+v: the log: %s", test, r.logs)
		}
		r.stop()
		<-r.code
	}
}

// TestItEndsInTime stops a server while bodies are unfinished and answers are unread.
func TestItEndsInTime(t *testing.T) {
	r := serveProgram(t, map[string]string{}, "--drain-time", "500ms")
	for range 5 {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = io.WriteString(conn, "POST "+gateway.RPCPath+"chat/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
			"Content-Length: 100\r\n\r\n[")
		if err != nil {
			t.Fatal(err)
		}
	}
	r.stop()
	select {
	case <-r.code:
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
}

// TestBodiesEndInTime sends a body slowly: it is cut off in the end, and its memory is given back.
func TestBodiesEndInTime(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.BodyWait: 100} })
	conn, err := net.Dial("tcp", s.listen(t).Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST "+gateway.RPCPath+"chat/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"Content-Length: 1000\r\n\r\n[")
	if err != nil {
		t.Fatal(err)
	}
	slow := make(chan struct{})
	go func() { // a byte now and then
		defer close(slow)
		again := time.NewTicker(5 * time.Millisecond)
		defer again.Stop()
		for range again.C {
			if _, err := io.WriteString(conn, " "); err != nil {
				return
			}
		}
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusGatewayTimeout || !strings.Contains(string(body), CodeTimeout) || !resp.Close {
		t.Errorf("%s %s, close %v", resp.Status, body, resp.Close)
	}
	waitFor(t, "the memory to be given back", func() bool { return s.used(limits.MaxQueueMemory) == 0 })
	conn.Close()
	<-slow
}

func TestBodiesHaveAMemory(t *testing.T) {
	s := startServer(t, nil)
	a := s.govern.Account(limits.MaxQueueMemory)
	a.Add(a.Limit())
	defer a.Add(-a.Limit())
	front := s.listen(t)
	got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/echo", `["x"]`)
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, CodeOverloaded) {
		t.Errorf("%v", got)
	}
	got = request(t, front, http.MethodGet, "/readyz", "")
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, `"reason":"maxQueueMemory"`) {
		t.Errorf("%v", got)
	}
}

// TestMemoryOfAddress has an address hold its share of the memory for answers: it is refused, over HTTP and over a WebSocket, and others
// are not.
func TestMemoryOfAddress(t *testing.T) {
	s := startServer(t, nil)
	a, front := s.govern.Account(limits.MaxQueueMemory), s.listen(t)
	c := greet(t, front, "")
	for _, of := range []struct {
		address string
		refused bool
	}{{"127.0.0.1", true}, {"10.0.0.1", false}} {
		held := a.Limit() * 3 / 4
		a.AddFor(identity.TurnOfAddress(of.address), held)
		got := request(t, front, http.MethodPost, gateway.RPCPath+"chat/echo", `["x"]`)
		if refused := got.status == http.StatusServiceUnavailable; refused != of.refused ||
			refused && !strings.Contains(got.body, limits.MaxQueueMemoryPerCaller.String()) {
			t.Errorf("%s holds much: %v", of.address, got)
		}
		c.send(`{"t":"call","id":1,"m":"chat/echo","a":["x"]}`)
		if m := c.next(); (m["code"] == CodeOverloaded) != of.refused {
			t.Errorf("%s holds much: %v", of.address, m)
		}
		a.AddFor(identity.TurnOfAddress(of.address), -held)
	}
}

// TestMessagesEndInTime begins a message, and then sends only pongs: the connection is closed, and its memory is given back.
func TestMessagesEndInTime(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.BodyWait: 100} })
	c := greet(t, s.listen(t), "")
	const size = 60_000
	fragment := append([]byte{websocket.TextMessage, 0x80 | 126, size >> 8, size & 0xff}, make([]byte, 4+size)...)
	if _, err := c.conn.NetConn().Write(fragment); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the bytes to be counted", func() bool {
		return s.used(limits.MaxQueueMemory) >= size || s.govern.ReachedTotal(limits.BodyWait) > 0
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		again := time.NewTicker(5 * time.Millisecond)
		defer again.Stop()
		for range again.C {
			if _, err := c.conn.NetConn().Write([]byte{0x80 | websocket.PongMessage, 0x80, 0, 0, 0, 0}); err != nil {
				return
			}
		}
	}()
	c.wantClose(wire.CloseSlow)
	waitFor(t, "the memory to be given back", func() bool { return s.used(limits.MaxQueueMemory) == 0 })
	c.conn.Close()
	<-ended
}
