package play

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	live "github.com/livec-lang/livec/runtime"
)

// caller is a client: a user or nobody, with an address, headers and a query of its own.
type caller struct {
	name   string
	header http.Header
	query  string
	ip     string
	key    string // of a user, to sign in; "" for nobody
}

func (c *caller) request(method, target, body string) *http.Request {
	if c.query != "" {
		sep := "?"
		if strings.Contains(target, "?") {
			sep = "&"
		}
		target += sep + c.query
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for name, values := range c.header {
		r.Header[name] = values
	}
	r.RemoteAddr = c.ip + ":4711"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// socket is a connection of the protocol, with the frames that it has received.
type socket struct {
	local *live.Local

	mu     sync.Mutex
	frames []string // messages, one each, since the last call of take
	key    string   // the key in hello
	closed string
	next   int
}

// connect opens a connection of the protocol without a network.
func connect(s *live.Server, c *caller) *socket {
	k := &socket{}
	k.local = s.Connect(c.request(http.MethodGet, "/_live/ws", ""), k.receive, func(code int, reason string) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.closed = fmt.Sprintf("%d %s", code, reason)
	})
	k.local.Send([]byte(`{"t":"hello","v":1}`))
	return k
}

func (k *socket) receive(frame []byte) {
	messages := []json.RawMessage{json.RawMessage(frame)}
	if frame[0] == '[' {
		if err := json.Unmarshal(frame, &messages); err != nil {
			messages = []json.RawMessage{json.RawMessage(frame)}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range messages {
		text := string(m)
		if strings.HasPrefix(text, `{"t":"hello"`) {
			var hello struct{ K string }
			_ = json.Unmarshal(m, &hello)
			k.key = hello.K
			continue
		}
		k.frames = append(k.frames, text)
	}
}

func (k *socket) take() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := k.frames
	k.frames = nil
	if k.closed != "" {
		out = append(out, "closed "+k.closed)
		k.closed = ""
	}
	return out
}

// send sends a message with the next id.
func (k *socket) send(format string, args ...any) {
	k.next++
	k.local.Send([]byte(fmt.Sprintf(format, append([]any{k.next}, args...)...)))
}

func streamTarget(name, args string) string {
	return "/_live/stream/" + name + "?args=" + url.QueryEscape(args)
}
