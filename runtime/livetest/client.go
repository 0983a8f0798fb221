package livetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	live "github.com/livec-lang/livec/runtime"
)

// Client is one connection of a client, which may end and come back.
type Client struct {
	env    *Env
	t      testing.TB
	dial   func(*Client) *live.Local
	header http.Header
	send   sync.Mutex // frames are sent one at a time

	mu      sync.Mutex
	changed sync.Cond
	local   *live.Local // nil while it is not connected
	next    uint64
	streams map[uint64]*Stream
	calls   map[uint64]chan message
	signals []Signal
	key     string
	code    int
	reason  string
	lenient bool
}

// Signal is a signal that the client got.
type Signal struct {
	Name string
	Args JSON
}

// message is a message of the server.
type message struct {
	T       string          `json:"t"`
	ID      uint64          `json:"id"`
	C       uint64          `json:"c"`
	E       string          `json:"e"`
	F       *uint64         `json:"f"`
	S       uint64          `json:"s"`
	N       int             `json:"n"`
	K       string          `json:"k"`
	M       string          `json:"m"`
	A       json.RawMessage `json:"a"`
	V       json.RawMessage `json:"v"`
	More    *bool           `json:"more"`
	Wait    bool            `json:"wait"`
	Refused *failure        `json:"refused"`
	failure
}

// failure is an error on the wire.
type failure struct {
	Code       string       `json:"code"`
	Message    string       `json:"message"`
	Issues     []live.Issue `json:"issues"`
	RetryAfter int64        `json:"retryAfter"`
}

func (f *failure) err() error {
	return &live.Error{Code: f.Code, Message: f.Message, Issues: f.Issues, RetryAfter: time.Duration(f.RetryAfter) * time.Second}
}

func (c *Client) request() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/_live/ws", nil)
	for name, values := range c.header {
		r.Header[name] = values
	}
	return r
}

// Reconnect connects the client, anew if it was connected before. It resumes its subscriptions from their offsets.
func (c *Client) Reconnect() {
	c.t.Helper()
	c.Disconnect()
	c.mu.Lock()
	c.code, c.reason = 0, ""
	var open []*Stream
	for _, s := range c.streams {
		open = append(open, s)
	}
	slices.SortFunc(open, func(a, b *Stream) int { return int(a.id) - int(b.id) })
	c.mu.Unlock()
	local := c.dial(c)
	c.mu.Lock()
	c.local = local
	c.mu.Unlock()
	c.write(map[string]any{"t": "hello", "v": 1})
	for _, s := range open {
		c.write(s.subscription())
	}
	c.env.Settle()
}

// Disconnect ends the connection as a lost network does: without a message to the server.
func (c *Client) Disconnect() {
	c.mu.Lock()
	local := c.local
	c.local = nil
	for _, s := range c.streams {
		s.topic = 0
	}
	c.mu.Unlock()
	if local != nil {
		local.Close()
		c.env.Settle()
	}
}

// Closed is the close code with which the server has ended the connection, and the reason; 0 if it has not.
func (c *Client) Closed() (code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.code, c.reason
}

// Key is the key that the server adds to what the client publishes.
func (c *Client) Key() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.key
}

// Call calls an rpc. Arguments are written as JSON. An error of the app is a *runtime.Error.
func (c *Client) Call(rpc string, args ...any) (JSON, error) {
	c.t.Helper()
	v, _, err := c.CallReached(rpc, args...)
	return v, err
}

// MustCall is Call for a call that must succeed.
func (c *Client) MustCall(rpc string, args ...any) JSON {
	c.t.Helper()
	v, err := c.Call(rpc, args...)
	if err != nil {
		c.t.Fatalf("livetest: calling %s: %v", rpc, err)
	}
	return v
}

// CallReached is Call, and also returns how many connections the signals of the call have reached.
func (c *Client) CallReached(rpc string, args ...any) (v JSON, reached int, err error) {
	c.t.Helper()
	defer c.env.Settle()
	return c.CallUnsettled(rpc, args...)
}

// CallUnsettled is CallReached that waits only for the answer, for calls that are made while the server waits for the test.
func (c *Client) CallUnsettled(rpc string, args ...any) (v JSON, reached int, err error) {
	c.t.Helper()
	key := c.env.newKey()
	return c.answer(func(id uint64) {
		c.write(map[string]any{"t": "call", "id": id, "m": rpc, "a": list(args), "k": key})
	})
}

// Binary calls an rpc in a binary frame: payload is the argument that is nil among args.
func (c *Client) Binary(rpc string, payload []byte, args ...any) (JSON, error) {
	c.t.Helper()
	defer c.env.Settle()
	v, _, err := c.answer(func(id uint64) {
		header := c.encode(map[string]any{"t": "call", "id": id, "m": rpc, "a": list(args)})
		frame := append([]byte{0, byte(len(header) >> 8), byte(len(header))}, header...)
		c.deliver(append(frame, payload...), (*live.Local).SendBinary)
	})
	return v, err
}

// Publish publishes an event into a writable channel, or a part of a room.
func (c *Client) Publish(channel string, args []any, event string, value any) error {
	c.t.Helper()
	defer c.env.Settle()
	_, _, err := c.answer(func(id uint64) {
		c.write(map[string]any{"t": "pub", "id": id, "m": channel, "a": list(args), "k": event, "v": value})
	})
	return err
}

// answer sends a message with an id and waits for its answer.
func (c *Client) answer(send func(id uint64)) (JSON, int, error) {
	c.t.Helper()
	answered := make(chan message, 1)
	c.mu.Lock()
	if c.local == nil {
		c.mu.Unlock()
		return nil, 0, &live.Error{Code: "DISCONNECTED", Message: "The client is not connected"}
	}
	c.next++
	id := c.next
	c.calls[id] = answered
	c.mu.Unlock()
	send(id)
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case m := <-answered:
		if m.T == "err" {
			return nil, 0, m.err()
		}
		return JSON(m.V), m.N, nil
	case <-timeout.C:
		c.t.Fatalf("livetest: no answer came within %s", patience)
		return nil, 0, nil
	}
}

// Signals are the signals that have come so far.
func (c *Client) Signals() []Signal {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.signals)
}

// Send sends a text frame. Errors that answer no call or subscription fail the test, unless the client is Lenient.
func (c *Client) Send(frame string) {
	c.deliver([]byte(frame), (*live.Local).Send)
	c.env.Settle()
}

// Lenient makes the client ignore errors that answer no call or subscription.
func (c *Client) Lenient() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lenient = true
}

func list(args []any) []any {
	if args == nil {
		return []any{}
	}
	return args
}

func (c *Client) encode(v any) []byte {
	c.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		c.t.Fatalf("livetest: an argument cannot be written as JSON: %v", err)
	}
	return b
}

func (c *Client) write(m map[string]any) {
	c.t.Helper()
	c.deliver(c.encode(m), (*live.Local).Send)
}

func (c *Client) deliver(frame []byte, send func(*live.Local, []byte)) {
	c.mu.Lock()
	local := c.local
	c.mu.Unlock()
	if local != nil {
		c.send.Lock()
		defer c.send.Unlock()
		send(local, frame)
	}
}

// receive gets each frame of the server.
func (c *Client) receive(frame []byte) {
	var all []message
	frame = bytes.Clone(frame)
	if frame[0] == '[' {
		if err := json.Unmarshal(frame, &all); err != nil {
			c.t.Errorf("livetest: the server sent %s: %v", frame, err)
		}
	} else {
		all = make([]message, 1)
		if err := json.Unmarshal(frame, &all[0]); err != nil {
			c.t.Errorf("livetest: the server sent %s: %v", frame, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range all {
		c.handle(&all[i])
	}
	c.changed.Broadcast()
}

// handle handles one message. It needs the lock.
func (c *Client) handle(m *message) {
	switch m.T {
	case "hello":
		c.key = m.K
	case "ok", "err":
		if answered := c.calls[m.ID]; answered != nil {
			delete(c.calls, m.ID)
			answered <- *m
			return
		}
		if s := c.streams[m.ID]; s != nil && m.T == "err" {
			s.fail(m)
			if !m.Wait {
				delete(c.streams, m.ID)
			}
			return
		}
		if m.T == "err" && !c.lenient {
			c.t.Errorf("livetest: the server answered %s: %s", m.Code, m.Message)
		}
	case "sig":
		c.signals = append(c.signals, Signal{m.M, JSON(m.A)})
	case "snap", "live", "off", "end":
		s := c.streams[m.ID]
		if s == nil {
			return // it was in flight
		}
		s.handle(m)
		if m.T == "end" && !m.Wait {
			delete(c.streams, m.ID)
		}
	case "ev":
		for _, s := range c.streams {
			if s.topic == m.C {
				s.event(m)
			}
		}
	}
}

// ended is called when the server has closed the connection.
func (c *Client) ended(code int, reason string) {
	c.mu.Lock()
	c.code, c.reason = code, reason
	calls := c.calls
	c.calls = map[uint64]chan message{}
	c.changed.Broadcast()
	c.mu.Unlock()
	for _, answered := range calls {
		answered <- message{T: "err", failure: failure{Code: "DISCONNECTED", Message: reason}}
	}
}
