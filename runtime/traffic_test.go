package runtime

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// refused tries to connect, and gives the answer of a server that refuses.
func refused(t *testing.T, front *httptest.Server, header ...string) *http.Response {
	t.Helper()
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 5 * time.Second}
	conn, resp, err := d.Dial("ws"+strings.TrimPrefix(front.URL, "http")+gateway.SocketPath, h)
	if err == nil {
		conn.Close()
		t.Fatal("the connection was accepted")
	}
	if resp == nil {
		t.Fatal(err)
	}
	return resp
}

func (s *testServer) used(id limits.ID) int64 { return s.govern.Account(id).Used() }

func TestConnectionsAreBounded(t *testing.T) {
	s := startServer(t, func(o *Options) {
		o.TrustedProxies = loopback
		o.Limits = limits.Values{limits.MaxConnections: 3, limits.MaxConnectionsPerAddress: 2}
	})
	front := s.listen(t)
	from := func(ip string) http.Header { return http.Header{"X-Forwarded-For": {ip}} }
	a := dial(t, front, from("2001:db8::1"))
	dial(t, front, from("2001:db8::2"))
	resp := refused(t, front, "X-Forwarded-For", "2001:db8::3")
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a third of one address: %v", resp)
	}
	dial(t, front, from("192.0.2.1"))
	resp = refused(t, front, "X-Forwarded-For", "192.0.2.2")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a fourth: %v", resp)
	}
	got := request(t, front, http.MethodGet, gateway.StreamPath+"chat/lines?args=%5B%22a%22%5D", "", "Accept", "text/event-stream")
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, CodeOverloaded) {
		t.Errorf("a stream of events: %v", got)
	}
	if got := request(t, front, http.MethodGet, "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("health: %v", got)
	}
	a.conn.Close()
	waitFor(t, "the connection to end", func() bool { return s.used(limits.MaxConnections) == 2 })
	last := dial(t, front, from("2001:db8::3"))
	last.conn.Close()
	for _, id := range []limits.ID{limits.MaxConnections, limits.MaxConnectionsPerAddress} {
		if n := s.govern.ReachedTotal(id); n == 0 {
			t.Errorf("%s was reached %d times", id, n)
		}
	}
}

func TestConnectionsOfAUserAreBounded(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.MaxConnectionsPerUser: 1} })
	front := s.listen(t)
	admit := greet(t, front, "")
	admit.do("chat/promote", `["ann","member"]`)
	admit.do("chat/promote", `["bob","member"]`)
	first := greet(t, front, "ann")
	greet(t, front, "bob")
	greet(t, front, "")
	second := dial(t, front, http.Header{"X-User": {"ann"}})
	second.send(`{"t":"hello","v":1,"h":"h1"}`)
	second.wantClose(wire.CloseTooMany)
	first.conn.Close()
	waitFor(t, "the first connection to end", func() bool { return s.used(limits.MaxConnections) == 3 })
	greet(t, front, "ann")
}

func TestSubscriptionsAreBounded(t *testing.T) {
	s := startServer(t, func(o *Options) {
		o.Limits = limits.Values{limits.MaxSubscriptions: 4, limits.MaxSubscriptionsPerUser: 2, limits.MaxSubscriptionsPerAddress: 3}
	})
	front := s.listen(t)
	sub := func(c *client, id int) string {
		c.send(`{"t":"sub","id":` + strconv.Itoa(id) + `,"m":"chat/lines","a":["r` + strconv.Itoa(id) + `"]}`)
		m := c.next()
		if m["t"] == "err" {
			return m["code"].(string)
		}
		return m["t"].(string)
	}
	admit := greet(t, front, "")
	admit.do("chat/promote", `["ann","member"]`)
	admit.do("chat/promote", `["bob","member"]`)
	ann, bob := greet(t, front, "ann"), greet(t, front, "bob")
	for i, want := range []string{"snap", "snap", CodeRateLimited} {
		if got := sub(ann, i+1); got != want {
			t.Errorf("ann %d: %s, want %s", i, got, want)
		}
	}
	for i, want := range []string{"snap", CodeRateLimited} { // the third and the fourth of the address
		if got := sub(bob, i+1); got != want {
			t.Errorf("bob %d: %s, want %s", i, got, want)
		}
	}
	ann.send(`{"t":"unsub","id":1}`)
	waitFor(t, "the subscription to end", func() bool { return s.used(limits.MaxSubscriptions) == 2 })
	if got := sub(bob, 3); got != "snap" {
		t.Errorf("after one has ended: %s", got)
	}
	ann.conn.Close()
	bob.conn.Close()
	waitFor(t, "all subscriptions to end", func() bool { return s.used(limits.MaxSubscriptions) == 0 })
}

// TestMessagesAreBounded sends messages of all kinds as fast as they go: reading pauses, and all are answered in the end.
func TestMessagesAreBounded(t *testing.T) {
	for name, send := range map[string]func(c *client) error{
		"calls": func(c *client) error {
			return c.conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"call","id":1,"m":"chat/echo","a":["x"]}`))
		},
		"pings": func(c *client) error { return c.conn.WriteMessage(websocket.TextMessage, []byte(`{"t":"ping"}`)) },
		"WebSocket pings": func(c *client) error {
			return c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
		},
		"WebSocket pongs": func(c *client) error {
			return c.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.MaxMessagesPerConnection: 500} })
			front := s.listen(t)
			c := greet(t, front, "")
			for range 3000 { // 2000 may come at once
				if err := send(c); err != nil {
					t.Fatal(err)
				}
			}
			waitFor(t, "the limit to be reached", func() bool { return s.govern.ReachedTotal(limits.MaxMessagesPerConnection) > 0 })
			other := greet(t, front, "")
			other.do("chat/echo", `["y"]`)
			c.send(`{"t":"call","id":7,"m":"chat/echo","a":["last"]}`)
			for m := c.next(); m["id"] != 7.0; m = c.next() {
			}
		})
	}
}

func TestRequestsAreBounded(t *testing.T) {
	for _, test := range []struct {
		limit  limits.ID
		status int
		code   string
	}{
		{limits.MaxMessages, http.StatusServiceUnavailable, CodeOverloaded},
		{limits.MaxMessagesPerAddress, http.StatusTooManyRequests, CodeRateLimited},
		{limits.MaxMessagesPerUser, http.StatusTooManyRequests, CodeRateLimited},
	} {
		t.Run(test.limit.String(), func(t *testing.T) {
			s := startServer(t, func(o *Options) { o.Limits = limits.Values{test.limit: 1} })
			front := s.listen(t)
			admit := greet(t, front, "") // an upgrade is a request of its address
			admit.do("chat/promote", `["ann","member"]`)
			var got answer
			for range 5 { // four may come at once
				got = request(t, front, http.MethodPost, gateway.RPCPath+"chat/send", `["lobby","a"]`, "X-User", "ann")
			}
			if got.status != test.status || !strings.Contains(got.body, test.code) || got.header.Get("Retry-After") == "" {
				t.Errorf("%v", got)
			}
			if s.govern.ReachedTotal(test.limit) == 0 {
				t.Error("nothing was counted")
			}
		})
	}
}
