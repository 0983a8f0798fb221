package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/internal/gateway"
	"github.com/livec-lang/livec/runtime/wire"
)

// client is a WebSocket client that reads messages one by one.
type client struct {
	request string // the id of the request that has opened it
	t       *testing.T
	conn    *websocket.Conn
	got     []map[string]any
}

func (s *testServer) listen(t *testing.T) *httptest.Server {
	t.Helper()
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	return front
}

func dial(t *testing.T, front *httptest.Server, header http.Header) *client {
	t.Helper()
	d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 5 * time.Second}
	conn, resp, err := d.Dial("ws"+strings.TrimPrefix(front.URL, "http")+gateway.SocketPath, header)
	if err != nil {
		t.Fatalf("dial: %v (%v)", err, resp)
	}
	t.Cleanup(func() { conn.Close() })
	return &client{t: t, conn: conn, request: resp.Header.Get("X-Request-Id")}
}

// greet is dial with the exchange of hellos.
func greet(t *testing.T, front *httptest.Server, user string) *client {
	t.Helper()
	h := http.Header{}
	if user != "" {
		h.Set("X-User", user)
	}
	c := dial(t, front, h)
	c.send(`{"t":"hello","v":1,"h":"h1"}`)
	c.want(`{"t":"hello","v":1,"h":"h1","e":"*","hb":20000,"k":"*","now":"*","max":65536,"frame":144724}`)
	return c
}

func (c *client) send(frame string) {
	c.t.Helper()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		c.t.Fatal(err)
	}
}

// next gives the next message.
func (c *client) next() map[string]any {
	c.t.Helper()
	for len(c.got) == 0 {
		_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, data, err := c.conn.ReadMessage()
		if err != nil {
			c.t.Fatalf("reading: %v", err)
		}
		if data[0] == '[' {
			if err := json.Unmarshal(data, &c.got); err != nil {
				c.t.Fatalf("%v: %s", err, data)
			}
			continue
		}
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil {
			c.t.Fatalf("%v: %s", err, data)
		}
		c.got = append(c.got, m)
	}
	m := c.got[0]
	c.got = c.got[1:]
	return m
}

// want checks the next message. A "*" stands for any value.
func (c *client) want(message string) map[string]any {
	c.t.Helper()
	got := c.next()
	if diff := differ(got, message); diff != "" {
		c.t.Fatal(diff)
	}
	return got
}

func differ(got map[string]any, message string) string {
	var want map[string]any
	if err := json.Unmarshal([]byte(message), &want); err != nil {
		return err.Error()
	}
	shown := map[string]any{}
	for k, v := range got {
		if shown[k] = v; want[k] == "*" {
			shown[k] = "*"
		}
	}
	g, _ := json.Marshal(shown)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		return fmt.Sprintf("got  %s\nwant %s", g, w)
	}
	return ""
}

// wantClose reads until the connection is closed, which must be with this code.
func (c *client) wantClose(code int) *websocket.CloseError {
	c.t.Helper()
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, data, err := c.conn.ReadMessage()
		if err == nil {
			c.t.Logf("before the close: %s", data)
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != code {
			c.t.Fatalf("got %v, want a close with %d", err, code)
		}
		return closed
	}
}

func TestMessages(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	k := `"k":"` + keyAt(time.Now()) + `"`
	tests := []struct{ name, send, want string }{
		{"ping", `{"t":"ping"}`, `{"t":"pong"}`},
		{"pure", `{"t":"call","id":1,"m":"chat/echo","a":["hi"]}`, `{"t":"ok","id":1,"v":"hi","s":0}`},
		{"pure, read in full", ` { "id" : 2, "a":[ "hi" ], "t":"call", "m":"chat/echo" } `, `{"t":"ok","id":2,"v":"hi","s":0}`},
		{"accepted by the schema only", `{"t":"call","id":3,"m":"chat/echo","a":["\u0068i",3]}`, `{"t":"ok","id":3,"v":"hi","s":0}`},
		{"write", `{"t":"call","id":4,"m":"chat/send","a":["lobby","hi"],` + k + `}`, `{"t":"ok","id":4,"v":"*","s":1}`},
		{"read", `{"t":"call","id":5,"m":"chat/read","a":["lobby"]}`, `{"t":"ok","id":5,"v":"hi","s":0}`},
		{"too long", `{"t":"call","id":6,"m":"chat/send","a":["lobby","12345678901"]}`,
			`{"t":"err","id":6,"code":"VALIDATION","message":"text must be at most 10 characters","issues":[{"path":"/1",` +
				`"message":"must be at most 10 characters"}]}`},
		{"no such rpc", `{"t":"call","id":7,"m":"chat/nope","a":[]}`,
			`{"t":"err","id":7,"code":"NOT_FOUND","message":"There is no rpc chat/nope"}`},
		{"app's own code", `{"t":"call","id":8,"m":"chat/fails","a":[]}`, `{"t":"err","id":8,"code":"TEAPOT","message":"Short and stout"}`},
		{"guard", `{"t":"call","id":9,"m":"chat/whoami","a":[]}`, `{"t":"err","id":9,"code":"UNAUTHORIZED","message":"Log in first"}`},
		{"unique", `{"t":"call","id":10,"m":"chat/twice","a":["x"]}`,
			`{"t":"err","id":10,"code":"CONFLICT","message":"A value that must be unique is already in use"}`},
		{"panic", `{"t":"call","id":11,"m":"chat/boom","a":[]}`,
			`{"t":"err","id":11,"code":"INTERNAL","message":"Something went wrong on the server"}`},
		{"panic in a transaction", `{"t":"call","id":12,"m":"chat/boomWrite","a":[]}`,
			`{"t":"err","id":12,"code":"INTERNAL","message":"Something went wrong on the server"}`},
		{"no details", `{"t":"call","id":13,"m":"chat/internal","a":[]}`,
			`{"t":"err","id":13,"code":"INTERNAL","message":"Something went wrong on the server"}`},
		{"session", `{"t":"call","id":14,"m":"chat/signIn","a":["ann"]}`,
			`{"t":"err","id":14,"code":"USE_HTTP","message":"This starts or ends a session, so call it with POST /_live/rpc/chat/signIn"}`},
		{"bad key", `{"t":"call","id":15,"m":"chat/send","a":["lobby","hi"],"k":"x"}`,
			`{"t":"err","id":15,"code":"MALFORMED","message":"The key \"k\" of a call must be a UUID of version 7"}`},
		{"arguments are no JSON", `{"t":"call","id":16,"m":"chat/echo","a":[tru]}`,
			`{"t":"err","id":16,"code":"MALFORMED","message":"The arguments are not JSON"}`},
		{"pub", `{"t":"pub","id":17,"m":"chat/typing","a":[],"k":"set","v":1}`,
			`{"t":"err","id":17,"code":"NOT_FOUND","message":"There is no channel chat/typing to publish to"}`},
		{"no such stream", `{"t":"sub","id":18,"m":"chat/nope","a":[]}`,
			`{"t":"err","id":18,"code":"NOT_FOUND","message":"There is no stream chat/nope"}`},
		{"timeout", `{"t":"call","id":19,"m":"chat/slow","a":[]}`,
			`{"t":"err","id":19,"code":"TIMEOUT","message":"This took too long and was stopped"}`},
		{"no frame of ours", `hello`, `{"t":"err","id":0,"code":"MALFORMED","message":"*"}`},
		{"unknown kind", `{"t":"dance","id":20}`, `{"t":"err","id":20,"code":"MALFORMED","message":"\"dance\" is not a kind of message"}`},
		{"second hello", `{"t":"hello","v":1,"h":"h1"}`,
			`{"t":"err","id":0,"code":"MALFORMED","message":"Only the first message of a connection may be hello"}`},
		{"duplicate member", `{"t":"call","id":21,"m":"chat/shape","a":[{"kind":"circle","kind":"square","side":1}]}`,
			`{"t":"err","id":21,"code":"VALIDATION","message":"shape.kind must not appear twice","issues":[{"path":"/0/kind",` +
				`"message":"must not appear twice"}]}`},
	}
	c := greet(t, front, "")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c.t = t
			c.send(test.send)
			got := c.next()
			if diff := differ(got, test.want); diff != "" {
				t.Fatal(diff)
			}
		})
	}
	c.t = t
	if logs := s.logs.String(); strings.Count(logs, "panic=boom") != 2 || !strings.Contains(logs, "app_test.go") ||
		!strings.Contains(logs, "secret detail") {
		t.Errorf("the logs miss the panics with their stacks, or the internal error:\n%s", logs)
	}
	c.send(`{"t":"call","id":30,"m":"chat/promote","a":["half","x"]}`) // what was inserted before the panic is undone
	c.want(`{"t":"ok","id":30,"v":"","s":2}`)
}

func TestFramesOfManyMessages(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	c.send(`[{"t":"call","id":1,"m":"chat/echo","a":["a"]},{"t":"dance"},{"t":"call","id":2,"m":"chat/echo","a":["b"]}]`)
	c.want(`{"t":"ok","id":1,"v":"a","s":0}`)
	c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"\"dance\" is not a kind of message"}`)
	c.want(`{"t":"ok","id":2,"v":"b","s":0}`)
}

func TestWritesAnswerInOrderOfCommit(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	var frame []string
	for i := range 40 {
		frame = append(frame, fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/send","a":["lobby","x"]}`, i+1))
	}
	c.send("[" + strings.Join(frame, ",") + "]")
	for i := range 40 {
		c.want(fmt.Sprintf(`{"t":"ok","id":%d,"v":"*","s":%d}`, i+1, i+1))
	}
}

func TestBatch(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	c.send(`{"t":"batch","q":true,"b":[{"t":"call","id":1,"m":"chat/send","a":["lobby","a"]},{"t":"call","id":2,"m":"chat/read",` +
		`"a":["lobby"]},{"t":"call","id":3,"m":"chat/fails","a":[]},{"t":"call","id":4,"m":"chat/send","a":["lobby","a"]},{"t":"call",` +
		`"id":5,"m":"chat/read","a":["lobby"]}]}`)
	c.want(`{"t":"ok","id":1,"v":"*","s":1}`)
	c.want(`{"t":"ok","id":2,"v":"a","s":0}`)
	c.want(`{"t":"err","id":3,"code":"TEAPOT","message":"Short and stout"}`)
	c.want(`{"t":"ok","id":4,"v":"*","s":2}`)
	c.want(`{"t":"ok","id":5,"v":"a,a","s":0}`)
	c.send(`{"t":"batch","b":[{"t":"call","id":6,"m":"chat/wait","a":[]},{"t":"call","id":7,"m":"chat/echo","a":["x"]}]}`)
	c.want(`{"t":"ok","id":7,"v":"x","s":0}`) // does not wait for the other call
	close(s.held.leave)
	c.want(`{"t":"ok","id":6,"v":"done","s":0}`)
}

func TestRates(t *testing.T) {
	now := time.Date(2026, 1, 31, 9, 30, 0, 0, time.UTC)
	s := startServer(t, func(o *Options) { o.Clock = at(func() time.Time { return now }) })
	front := s.listen(t)
	c, d := greet(t, front, ""), greet(t, front, "")
	for i := range 2 {
		c.send(fmt.Sprintf(`{"t":"call","id":%d,"m":"chat/limited","a":[]}`, i+1))
		c.want(fmt.Sprintf(`{"t":"ok","id":%d,"v":"","s":0}`, i+1))
	}
	d.send(`{"t":"call","id":3,"m":"chat/limited","a":[]}`) // from the same address
	d.want(`{"t":"err","id":3,"code":"RATE_LIMITED","message":"At most 2 in 1m; try again later","retryAfter":60}`)
	c.send(`{"t":"call","id":4,"m":"chat/limitedUser","a":[]}`)
	c.want(`{"t":"ok","id":4,"v":"","s":0}`)
	for _, x := range []*client{c, d} { // nobody is signed in: connections of one address have one limit
		x.send(`{"t":"call","id":5,"m":"chat/limitedUser","a":[]}`)
		x.want(`{"t":"err","id":5,"code":"RATE_LIMITED","message":"At most 1 in 10s; try again later","retryAfter":10}`)
	}
}

func TestBinaryCalls(t *testing.T) {
	s := startServer(t, nil)
	c := greet(t, s.listen(t), "")
	binary := func(header string, payload []byte) {
		t.Helper()
		frame := append([]byte{0, byte(len(header) >> 8), byte(len(header))}, header...)
		if err := c.conn.WriteMessage(websocket.BinaryMessage, append(frame, payload...)); err != nil {
			t.Fatal(err)
		}
	}
	binary(`{"t":"call","id":1,"m":"chat/upload","a":["a",null]}`, []byte{0, 255, 7})
	c.want(`{"t":"ok","id":1,"v":"a:AP8H","s":0}`)
	binary(`{"t":"call","id":2,"m":"chat/upload","a":["a",null]}`, make([]byte, 90<<10)) // larger than other frames may be
	if m := c.next(); m["t"] != "ok" {
		t.Fatalf("got %v", m["code"])
	}
	binary(`{"t":"call","id":3,"m":"chat/upload","a":["a",null]}`, make([]byte, 100<<10+1))
	c.want(`{"t":"err","id":3,"code":"PAYLOAD_TOO_LARGE","message":"At most 102400 bytes are allowed here"}`)
	binary(`{"t":"call","id":4,"m":"chat/echo","a":[null]}`, nil)
	c.want(`{"t":"err","id":4,"code":"MALFORMED","message":"chat/echo does not take bytes in the place of null"}`)
	binary(`{"t":"ping"}`, nil)
	c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"Only a call can be a binary frame"}`)
}

func TestCloseCodes(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.HelloWait: 50} })
	front := s.listen(t)
	user := func(id string) http.Header { return http.Header{"X-User": {id}} }
	t.Run("version", func(t *testing.T) {
		c := dial(t, front, nil)
		c.send(`{"t":"hello","v":2,"h":"h1"}`)
		c.wantClose(wire.CloseVersion)
	})
	t.Run("contract", func(t *testing.T) {
		c := dial(t, front, nil)
		c.send(`{"t":"hello","v":1,"h":"old"}`)
		c.wantClose(wire.CloseContract)
	})
	t.Run("what is left of a contract", func(t *testing.T) {
		for known, serves := range map[string]bool{
			`{"chat/send":"s1"}`: true, `{"chat/send":"s0"}`: false, `{"chat/send":"s1","chat/gone":"g1"}`: false, `{"chat/gone":""}`: false,
			`{}`: false, `null`: false,
		} {
			c := dial(t, front, nil)
			c.send(`{"t":"hello","v":1,"h":"old","p":` + known + `}`)
			if serves {
				c.want(`{"t":"hello","v":1,"h":"h1","e":"*","hb":20000,"k":"*","now":"*","max":65536,"frame":144724}`)
			} else {
				c.wantClose(wire.CloseContract)
			}
		}
	})
	t.Run("no contract", func(t *testing.T) {
		c := dial(t, front, nil)
		c.send(`{"t":"hello","v":1}`)
		c.want(`{"t":"hello","v":1,"h":"h1","e":"*","hb":20000,"k":"*","now":"*","max":65536,"frame":144724}`)
	})
	t.Run("no hello", func(t *testing.T) { dial(t, front, nil).wantClose(wire.CloseHello) })
	t.Run("refused", func(t *testing.T) {
		c := dial(t, front, user("banned"))
		c.send(`{"t":"hello","v":1}`)
		if closed := c.wantClose(wire.CloseRefused); closed.Text != "BANNED: You may not come in" {
			t.Errorf("the reason is %q", closed.Text)
		}
	})
	t.Run("upgrade fails", func(t *testing.T) {
		c := dial(t, front, user("crash"))
		c.send(`{"t":"hello","v":1}`)
		c.wantClose(wire.CloseOverload)
	})
	t.Run("malformed", func(t *testing.T) {
		c := greet(t, front, "")
		c.send(`[` + strings.Repeat(`{"t":"x"},`, 8) + `{"t":"x"}]`)
		for range 9 {
			c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"*"}`)
		}
		c.send(`{"t":"ping"}`) // the client is well, so the count begins anew
		c.want(`{"t":"pong"}`)
		c.send(`[` + strings.Repeat(`{"t":"x"},`, 8) + `{"t":"x"}]`)
		for range 9 {
			c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"*"}`)
		}
		c.send(`{}`)
		c.wantClose(wire.CloseMalformed)
	})
	t.Run("calls before hello", func(t *testing.T) {
		c := dial(t, front, nil)
		c.send(`{"t":"call","id":1,"m":"chat/echo","a":["x"]}`)
		c.want(`{"t":"err","id":1,"code":"MALFORMED","message":"The first message of a connection must be hello"}`)
	})
	t.Run("far too big", func(t *testing.T) {
		c := greet(t, front, "")
		_ = c.conn.WriteMessage(websocket.TextMessage, make([]byte, 1<<20))
		c.wantClose(wire.CloseTooBig)
	})
	t.Run("banned later", func(t *testing.T) {
		c := greet(t, front, "bob")
		c.send(`{"t":"call","id":1,"m":"chat/promote","a":["bob","banned"]}`)
		if closed := c.wantClose(wire.CloseRefused); closed.Text != "BANNED: You may not come in" {
			t.Errorf("the reason is %q", closed.Text)
		}
	})
}

func TestHeartbeat(t *testing.T) {
	s := startServer(t, func(o *Options) { o.Limits = limits.Values{limits.Heartbeat: 20, limits.WriteWait: 100} })
	front := s.listen(t)
	c := dial(t, front, nil)
	c.conn.SetPingHandler(func(string) error { return nil }) // like a peer that is gone
	c.send(`{"t":"hello","v":1}`)
	c.wantClose(wire.CloseHeartbeat)
	waitFor(t, "the end to be counted", func() bool { return s.govern.ReachedTotal(limits.Heartbeat) == 1 })
}

func TestOrigin(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	for origin, ok := range map[string]bool{front.URL: true, "https://app.example": true, "https://evil.example": false, "null": false} {
		d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}}
		conn, resp, err := d.Dial("ws"+strings.TrimPrefix(front.URL, "http")+gateway.SocketPath, http.Header{"Origin": {origin}})
		if (err == nil) != ok {
			t.Errorf("origin %s: %v", origin, err)
		}
		if err == nil {
			conn.Close()
		} else if resp.StatusCode != http.StatusForbidden {
			t.Errorf("origin %s: status %d", origin, resp.StatusCode)
		}
	}
}
