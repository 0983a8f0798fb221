package abuse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// start starts a server with a new database; nothing is attacked beside a neighbour.
func start(t *testing.T, c Config) *Server {
	t.Helper()
	c.Program = program(t)
	if c.DB == "" {
		c.DB = filepath.Join(t.TempDir(), "abuse.db")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	s, err := Start(ctx, c)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill()
		cancel()
		if t.Failed() {
			t.Log(s.Log())
		}
	})
	return s
}

// soon waits for a condition.
func soon(t *testing.T, within time.Duration, condition func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	if err := poll(ctx, func() error { return condition(ctx) }); err != nil {
		t.Fatal(err)
	}
}

// TestEndWithUnfinishedBody is A6: SIGTERM while a body has not come to its end.
func TestEndWithUnfinishedBody(t *testing.T) {
	t.Parallel() // it waits most of the time
	gate(t, "A6")
	s := start(t, Config{Flags: []string{"--drain-time", "3s"}})
	conn, err := (&Target{Server: s}).raw(t.Context(), Address(0),
		"POST /_live/rpc/abuse/text HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
			"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The server asks for the body as soon as it waits for it.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("%q %v", line, err)
	}
	if _, err := conn.Write([]byte("[")); err != nil {
		t.Fatal(err)
	}
	if err := s.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Exit(ctx); err != nil {
		t.Error(err)
	}
}

// TestUnreadAnswers is A7b: peers that never read what they have asked for are cut, though they stay connected.
func TestUnreadAnswers(t *testing.T) {
	t.Parallel() // it waits most of the time
	gate(t, "A7b")
	s := start(t, Config{Flags: []string{"--write-wait", "500ms"}})
	target := &Target{Server: s}
	before, err := s.Figures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const peers = 10
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for i := range peers {
		go func() { _ = target.ignore(ctx, Address(i), 1+i%2*9) }() // ends with ctx
	}
	soon(t, 20*time.Second, func(ctx context.Context) error {
		f, err := s.Figures(ctx)
		switch {
		case err != nil:
			return err
		case f.Sum("live_calls_total") < before.Sum("live_calls_total")+peers:
			return errors.New("not all calls were answered")
		case f["process_open_fds"] > before["process_open_fds"]+2:
			return fmt.Errorf("%v files are open, before it were %v", f["process_open_fds"], before["process_open_fds"])
		}
		return nil
	})
}

// slowly reads so many bytes in each hundredth of a second.
type slowly struct {
	net.Conn
	bytes int
	tick  *time.Ticker
}

// Read is part of net.Conn.
func (s *slowly) Read(p []byte) (int, error) {
	<-s.tick.C
	return s.Conn.Read(p[:min(len(p), s.bytes)])
}

// TestSlowReader is A14: a peer that takes long for a large answer, but takes it, gets it.
func TestSlowReader(t *testing.T) {
	t.Parallel() // it waits most of the time
	gate(t, "A14")
	// Over HTTP a writer that waits for room in the buffer of the system wakes only once a third of its megabytes is free.
	perTick, wait := 16<<10, "2s" // 1.6 MB a second
	if long > 0 {
		perTick, wait = 2500, "10s"
	}
	s := start(t, Config{Flags: []string{"--write-wait", wait, "--max-result", "32mb"}})
	target := &Target{Server: s}
	if err := target.fill(t.Context(), "rows", 6000, 1800); err != nil { // 11 MB
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer(Address(0)).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &slowly{Conn: conn, bytes: perTick, tick: tick}, conn.(*net.TCPConn).SetReadBuffer(32 << 10)
	}
	t.Run("socket", func(t *testing.T) {
		d := websocket.Dialer{Subprotocols: []string{"live.v1"}, NetDialContext: dial, ReadBufferSize: 64 << 10}
		ws, _, err := d.DialContext(t.Context(), "ws://"+s.Addr+"/_live/ws", nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &Client{ws: ws, forget: func() bool { return true }}
		defer c.Close()
		if err := c.Send(`[{"t":"hello","v":1},` + request("call", 1, "all", `["rows"]`) + `]`); err != nil {
			t.Fatal(err)
		}
		m, err := c.Until(t.Context(), func(m Message) bool { return m.ID == 1 })
		if err != nil || m.Code != "" || len(m.Value) < 10_000_000 {
			t.Errorf("%v %s: %d bytes", err, m.Code, len(m.Value))
		}
	})
	t.Run("request", func(t *testing.T) {
		client := &http.Client{Transport: &http.Transport{DialContext: dial, ReadBufferSize: 64 << 10}}
		defer client.CloseIdleConnections()
		reply, err := s.Post(t.Context(), client, "all", `["rows"]`)
		if err != nil || reply.Status != http.StatusOK || len(reply.Body) < 10_000_000 {
			t.Errorf("%v %d: %d bytes", err, reply.Status, len(reply.Body))
		}
	})
}

// TestSilentPeer is A27: a peer that answers no ping is not present for long.
func TestSilentPeer(t *testing.T) {
	t.Parallel() // it waits most of the time
	gate(t, "A27")
	s := start(t, Config{Flags: []string{"--heartbeat", "500ms", "--write-wait", "1s"}})
	const presence = "lobby.presence"
	watcher, err := s.Dial(t.Context(), Address(0))
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	if m, err := watcher.Call(t.Context(), "sub", presence, `["hall"]`); err != nil || m.Code != "" {
		t.Fatal(err, m.Err())
	}
	silent, err := s.Dial(t.Context(), Address(1))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if m, err := silent.Call(t.Context(), "sub", presence, `["hall"]`); err != nil || m.Code != "" { // it reads no more, so it answers no more
		t.Fatal(err, m.Err())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 35*time.Second)
	defer cancel()
	joined := false
	if _, err := watcher.Until(ctx, func(m Message) bool {
		joined = joined || m.Event == "join"
		return joined && m.Event == "leave"
	}); err != nil {
		t.Error("the silent peer stays: ", err)
	}
}

// TestStrangeHost is A24: a page whose host name points at this machine reaches nothing in development.
func TestStrangeHost(t *testing.T) {
	gate(t, "A24")
	s := start(t, Config{})
	client := HTTP(Address(0))
	defer client.CloseIdleConnections()
	_, port, _ := strings.Cut(s.Addr, ":")
	strange := []string{"Host", "evil.example:" + port, "Origin", "http://evil.example:" + port}
	for _, path := range []string{"/_live/", "/_live/rooms.json", "/_live/contract.json", "/metrics"} {
		if reply, err := s.Get(t.Context(), client, path, strange...); err != nil || reply.Status != 403 && reply.Status != 421 {
			t.Errorf("%s: %d %v", path, reply.Status, err)
		}
		if reply, err := s.Get(t.Context(), client, path, "Host", "localhost:"+port); err != nil || reply.Status != http.StatusOK {
			t.Errorf("%s of localhost: %d %v", path, reply.Status, err)
		}
	}
	if reply, err := s.Post(t.Context(), client, "me", "[]", strange...); err != nil || reply.Status != 403 && reply.Status != 421 {
		t.Errorf("an rpc: %d %v", reply.Status, err)
	}
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.Addr+"/_live/ws", http.Header{
		"Host": {"evil.example:" + port}, "Origin": {"http://evil.example:" + port}})
	if err == nil {
		ws.Close()
		t.Error("a WebSocket is opened")
	} else if resp == nil || resp.StatusCode != 403 && resp.StatusCode != 421 {
		t.Errorf("a WebSocket: %v", err)
	}
}

// TestMetricsInProduction is A23: the public port does not show the metrics of a server in production.
func TestMetricsInProduction(t *testing.T) {
	gate(t, "A23")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	s := start(t, Config{
		Env:   []string{"LIVE_ENV=production", "LIVE_SECRET=" + strings.Repeat("s", 32)},
		Flags: []string{"--metrics-addr", addr},
	})
	client := HTTP(Address(0))
	defer client.CloseIdleConnections()
	if reply, err := s.Get(t.Context(), client, "/metrics"); err != nil || reply.Status != http.StatusNotFound {
		t.Errorf("on the public port: %d %v", reply.Status, err)
	}
	resp, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || !strings.Contains(string(body), "live_connections") {
		t.Errorf("on its own address: %s %v", resp.Status, err)
	}
}
