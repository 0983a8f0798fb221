package abuse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Address is an address of this machine, another one for each n below 60,000.
func Address(n int) string { return fmt.Sprintf("127.0.%d.%d", 1+n/250, 1+n%250) }

// dialer connects from an address of this machine.
func dialer(from string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}
}

// Message is a message of the server.
type Message struct {
	Kind       string          `json:"t"`
	ID         int             `json:"id"`
	Code       string          `json:"code"`
	Text       string          `json:"message"`
	RetryAfter float64         `json:"retryAfter"`
	Topic      int             `json:"c"`
	Event      string          `json:"k"`
	Value      json.RawMessage `json:"v"`
	Refused    struct {
		Code string `json:"code"`
	} `json:"refused"` // why a page is not loaded
}

// Err is the error that the message carries.
func (m Message) Err() error {
	if m.Code == "" {
		return nil
	}
	return fmt.Errorf("the server answers %s: %s", m.Code, m.Text)
}

// Client is a WebSocket to a server. It is for one goroutine that reads and one that writes.
type Client struct {
	ws      *websocket.Conn
	waiting []Message
	lastID  int
	forget  func() bool
}

// Refused is an upgrade that the server has answered with another status.
type Refused struct{ Status int }

// Error is part of error.
func (r *Refused) Error() string {
	return "the upgrade is refused with status " + strconv.Itoa(r.Status)
}

// Open connects from an address and says nothing yet. The connection ends with ctx.
func (s *Server) Open(ctx context.Context, from string) (*Client, error) {
	d := websocket.Dialer{
		Subprotocols: []string{"live.v1"}, NetDialContext: dialer(from).DialContext, HandshakeTimeout: 10 * time.Second,
		ReadBufferSize: 1024, WriteBufferSize: 1024,
	}
	ws, resp, err := d.DialContext(ctx, "ws://"+s.Addr+"/_live/ws", nil)
	if err != nil {
		if resp != nil && errors.Is(err, websocket.ErrBadHandshake) {
			return nil, &Refused{Status: resp.StatusCode}
		}
		return nil, err
	}
	return &Client{ws: ws, forget: context.AfterFunc(ctx, func() { ws.Close() })}, nil
}

// Dial connects from an address, and says hello.
func (s *Server) Dial(ctx context.Context, from string) (*Client, error) {
	c, err := s.Open(ctx, from)
	if err != nil {
		return nil, err
	}
	if err = c.Send(`{"t":"hello","v":1}`); err == nil {
		_, err = c.Until(ctx, func(m Message) bool { return m.Kind == "hello" })
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close ends the connection.
func (c *Client) Close() {
	c.forget()
	c.ws.Close()
}

// Send sends a frame.
func (c *Client) Send(text string) error {
	return c.ws.WriteMessage(websocket.TextMessage, []byte(text))
}

// Next waits for the next message.
func (c *Client) Next() (m Message, err error) {
	for len(c.waiting) == 0 {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			return m, err
		}
		if !bytes.HasPrefix(frame, []byte("[")) {
			frame = append(append([]byte("["), frame...), ']')
		}
		if err := json.Unmarshal(frame, &c.waiting); err != nil {
			return m, fmt.Errorf("the server sends %.100q: %w", frame, err)
		}
	}
	m, c.waiting = c.waiting[0], c.waiting[1:]
	return m, nil
}

// Until reads messages until one fits, or ctx ends. Then the connection cannot be used any more.
func (c *Client) Until(ctx context.Context, fits func(Message) bool) (Message, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.ws.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		m, err := c.Next()
		if err != nil || fits(m) {
			return m, err
		}
	}
}

// NewID gives an id for a call or a subscription.
func (c *Client) NewID() int {
	c.lastID++
	return c.lastID
}

// Call calls an rpc, or subscribes, with arguments in JSON, and waits for the answer. An answer with a code is no error.
func (c *Client) Call(ctx context.Context, kind, name, args string) (Message, error) {
	id := c.NewID()
	if err := c.Send(request(kind, id, name, args)); err != nil {
		return Message{}, err
	}
	return c.Until(ctx, func(m Message) bool { return m.ID == id })
}

// request is the text of a call or a subscription of the app.
func request(kind string, id int, name, args string) string {
	return fmt.Sprintf(`{"t":%q,"id":%d,"m":"abuse/%s","a":%s}`, kind, id, name, args)
}

// HTTP gives a client that connects from an address.
func HTTP(from string) *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: dialer(from).DialContext}}
}

// Reply is an answer over HTTP.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

// Get asks for a path; extra are header fields and their values, in turns. A field Host sets the host of the request.
func (s *Server) Get(ctx context.Context, client *http.Client, path string, extra ...string) (Reply, error) {
	return s.do(ctx, client, http.MethodGet, path, nil, extra)
}

// Post calls an rpc with arguments in JSON.
func (s *Server) Post(ctx context.Context, client *http.Client, name, args string, extra ...string) (Reply, error) {
	extra = append(extra, "Content-Type", "application/json")
	return s.do(ctx, client, http.MethodPost, "/_live/rpc/abuse/"+name, strings.NewReader(args), extra)
}

func (s *Server) do(ctx context.Context, client *http.Client, method, path string, body io.Reader, extra []string) (Reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.Addr+path, body)
	if err != nil {
		return Reply{}, err
	}
	for i := 0; i < len(extra); i += 2 {
		if extra[i] == "Host" {
			req.Host = extra[i+1]
		}
		req.Header.Set(extra[i], extra[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return Reply{Status: resp.StatusCode, Header: resp.Header, Body: string(text)}, err
}

// Outcomes counts what attackers are answered: codes of errors, statuses and close codes, and "ok".
type Outcomes struct {
	mu sync.Mutex
	n  map[string]int
}

// Saw counts an answer.
func (o *Outcomes) Saw(outcome string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n == nil {
		o.n = map[string]int{}
	}
	o.n[outcome]++
}

// Count is how often an answer was seen.
func (o *Outcomes) Count(outcome string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n[outcome]
}

// String lists the answers.
func (o *Outcomes) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprint(o.n)
}

// ok is the error of an answer.
func (c *Client) ok(m Message, err error) error {
	if err != nil {
		return err
	}
	return m.Err()
}
