package outbound

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/intake"
	"github.com/livec-lang/livec/runtime/internal/door"
	"github.com/livec-lang/livec/runtime/wire"
)

// drainFrames bounds how many frames are written in a row, so that pings and closes get their turn.
const drainFrames = 64

// Handler handles what a client sends. Its methods are called one at a time, on the connection's own goroutine. Gone is never called while
// Text or Binary is running.
type Handler interface {
	Text(frame []byte)   // the frame belongs to the handler
	Binary(frame []byte) // as Text
	Gone()               // once, when the connection has ended

	// Arrived counts bytes that have been read from the client, and Control a ping or a pong of it. They wait if the client sends too much,
	// and report whether they did.
	Arrived(bytes int) (waited bool)
	Control() (waited bool)
}

// SocketOptions say how WebSockets are served.
type SocketOptions struct {
	MaxMessage int           // the largest frame that is accepted, in bytes
	Heartbeat  time.Duration // between pings; a peer that does not answer one within WriteWait is closed
	WriteWait  time.Duration // for the peer to take a frame, or each 64 KiB of it
	Origin     func(*http.Request) bool
	Logger     *slog.Logger
	Intake     *intake.Intake // counts what clients have sent that is not handled yet

	// Admit asks whether there may be another connection, before the upgrade. If not, it has answered. release is called when the connection
	// has ended. Nil: there may.
	Admit func(w http.ResponseWriter, r *http.Request) (release func(), ok bool)
	// Accept makes the queue and the handler of a new connection. It must not block.
	Accept func(r *http.Request, t Transport) (*Queue, Handler)
}

// Sockets serves WebSockets. It is an http.Handler.
type Sockets struct {
	opt    SocketOptions
	melody *melody.Melody
	wg     sync.WaitGroup
	open   atomic.Int64 // connections that were taken from net/http
}

// Len is the number of connections that were taken from net/http.
func (s *Sockets) Len() int { return int(s.open.Load()) }

// NewSockets makes the server of WebSockets.
func NewSockets(opt SocketOptions) *Sockets {
	s := &Sockets{opt: opt, melody: melody.New()}
	m := s.melody
	m.Config.MaxMessageSize = int64(opt.MaxMessage)
	m.Config.MessageBufferSize = 2 // one frame, and room for a close
	m.Config.PingPeriod = opt.Heartbeat
	m.Config.PongWait = opt.Heartbeat + opt.WriteWait
	m.Config.WriteWait = opt.WriteWait
	m.Upgrader.ReadBufferSize = 128 // ahead reads ahead, below this layer
	m.Upgrader.WriteBufferSize = 1024
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.Upgrader.CheckOrigin = opt.Origin
	m.Upgrader.Subprotocols = []string{wire.Subprotocol}
	m.HandleConnect(func(ms *melody.Session) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.connect(ms)
		}
	})
	m.HandleDisconnect(func(ms *melody.Session) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.gone()
		}
	})
	m.HandleError(func(ms *melody.Session, err error) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.failed(err)
		}
	})
	m.HandleMessage(func(ms *melody.Session, frame []byte) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.handler.Text(frame)
			k.took(frame)
		}
	})
	m.HandleMessageBinary(func(ms *melody.Session, frame []byte) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.handler.Binary(frame)
			k.took(frame)
		}
	})
	m.HandlePong(func(ms *melody.Session) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.control()
		}
	})
	m.HandleSentMessage(func(ms *melody.Session, _ []byte) {
		if k := s.socket(ms); k != nil {
			defer k.caught()
			k.queue.Sent(drainFrames)
		}
	})
	return s
}

// Wait returns when every connection has ended.
func (s *Sockets) Wait() { s.wg.Wait() }

// carrier is the connection below a WebSocket. It knows its socket: otherwise melody would keep a map for each connection to find it.
type carrier interface{ carried() *socket }

func (s *Sockets) socket(ms *melody.Session) *socket {
	if c, ok := ms.WebsocketConnection().NetConn().(carrier); ok {
		return c.carried()
	}
	return nil
}

// plain is the carrier of a connection that is not TCP, such as one with TLS.
type plain struct {
	*door.Conn
	socket *socket
}

func (p *plain) carried() *socket { return p.socket }

func (p *plain) Read(b []byte) (int, error) {
	return p.socket.read(p.Conn, b)
}

// SetReadDeadline is part of net.Conn.
func (p *plain) SetReadDeadline(t time.Time) error { return p.socket.setReadDeadline(p.Conn, t) }

// socket is one WebSocket. It is the Transport of its queue.
type socket struct {
	server  *Sockets
	melody  *melody.Session
	conn    *websocket.Conn
	net     net.Conn      // the connection below conn
	request *http.Request // nil once it is connected
	queue   *Queue
	handler Handler
	release func() // gives back what Admit has counted
	inbound inbound
	ended   atomic.Int64 // the limits.ID of what has ended it, which is not 0; 0 for nothing
}

// caught is deferred in every callback of melody. A panic in one would leak melody's goroutines and the connection.
func (k *socket) caught() {
	if p := recover(); p != nil {
		k.server.opt.Logger.Error("panic while serving a connection", "panic", p, "stack", string(debug.Stack()))
		k.conn.Close()
	}
}

func (k *socket) connect(ms *melody.Session) {
	k.melody, k.conn = ms, ms.WebsocketConnection()
	ms.Request = nil // it would keep the buffers of net/http in memory
	k.queue, k.handler = k.server.opt.Accept(k.request, k)
	k.request = nil
	k.conn.SetPingHandler(func(text string) error {
		defer k.caught()
		k.control()
		err := k.conn.WriteControl(websocket.PongMessage, []byte(text), time.Now().Add(time.Second))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			return nil // the next ping may find room
		}
		return err
	})
}

// control counts a ping or a pong of the client.
func (k *socket) control() {
	if k.handler.Control() {
		k.alive()
	}
}

// alive gives the peer its time again after reading has paused: its answer to a ping may wait behind what was not read.
func (k *socket) alive() {
	_ = k.conn.SetReadDeadline(time.Now().Add(k.server.melody.Config.PongWait)) // fails if the connection is closed
}

func (k *socket) gone() {
	k.queue.Gone()
	k.handler.Gone()
}

// failed is called for errors of reading and of writing, on any goroutine, possibly for both of one connection.
func (k *socket) failed(err error) {
	code, reason := k.whyEnded()
	var timeout net.Error
	if code == 0 && errors.As(err, &timeout) && timeout.Timeout() {
		limit, op := limits.Heartbeat, (*net.OpError)(nil)
		if errors.As(err, &op) && op.Op == "write" {
			limit = limits.WriteWait
		}
		if k.ended.CompareAndSwap(0, int64(limit)) {
			k.queue.reached(limit)
		}
		code, reason = k.whyEnded()
	}
	if code != 0 {
		message := websocket.FormatCloseMessage(code, reason)
		// The peer is probably not there to read it.
		_ = k.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
	}
	k.queue.Gone()
}

func (k *socket) Start(frame []byte) error { return k.melody.Write(frame) }

func (k *socket) Write(frame []byte) error {
	err := k.conn.SetWriteDeadline(time.Now().Add(k.server.opt.WriteWait))
	if err == nil {
		err = k.conn.WriteMessage(websocket.TextMessage, frame)
	}
	if err != nil {
		k.conn.Close()
	}
	return err
}

func (k *socket) Close(code int, reason string) {
	const longest = 123 // RFC 6455 §5.5: 125 bytes with the code
	for len(reason) > longest || !utf8.ValidString(reason) {
		reason = reason[:min(len(reason)-1, longest)]
	}
	if err := k.melody.CloseWithMsg(melody.FormatCloseMessage(code, reason)); err != nil {
		k.conn.Close()
	}
}

// Cut is part of Transport.
func (k *socket) Cut() { k.conn.Close() }

// ServeHTTP upgrades a request. It takes the connection from net/http before melody sees it, so that the buffers and the goroutine
// of net/http are freed while the connection lives.
func (s *Sockets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !websocket.IsWebSocketUpgrade(r):
		w.Header().Set("Upgrade", "websocket")
		http.Error(w, "Connect to this path with a WebSocket, subprotocol "+wire.Subprotocol, http.StatusUpgradeRequired)
		return
	case !s.opt.Origin(r):
		http.Error(w, "This origin may not connect. List it among the app's origins.", http.StatusForbidden)
		return
	case !offers(r, wire.Subprotocol):
		http.Error(w, "Offer the subprotocol "+wire.Subprotocol, http.StatusBadRequest)
		return
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		http.Error(w, "WebSockets need HTTP/1.1", http.StatusHTTPVersionNotSupported)
		return
	}
	release := func() {}
	if s.opt.Admit != nil {
		if release, ok = s.opt.Admit(w, r); !ok {
			return
		}
	}
	conn, rw, err := hijacker.Hijack()
	if err != nil {
		release()
		s.opt.Logger.Error("cannot take over a connection", "error", err)
		return
	}
	if rw.Reader.Buffered() > 0 {
		release()
		conn.Close() // it sent data before the handshake was done
		return
	}
	trimmed := &http.Request{
		Method: r.Method, URL: r.URL, Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor,
		Header: r.Header, Host: r.Host, RemoteAddr: r.RemoteAddr,
	}
	trimmed = trimmed.WithContext(context.WithoutCancel(r.Context()))
	s.wg.Add(1)
	s.open.Add(1)
	k := &socket{server: s, request: trimmed, release: release}
	// It counts for nobody: what others have begun to send makes room, the largest first.
	k.inbound.message = s.opt.Intake.Message("", k.endInbound)
	paced, ok := conn.(*door.Conn)
	if !ok {
		paced = door.NewConn(conn, s.opt.WriteWait)
	}
	if tcp := paced.TCP(); tcp != nil {
		l := &halfClosing{Conn: paced, socket: k}
		l.ahead.init(tcp)
		k.net = l
	} else {
		k.net = &plain{Conn: paced, socket: k}
	}
	// No pings are sent while a large frame is, so what the peer takes of it counts as an answer to them.
	paced.Taken(func(now time.Time) { _ = k.net.SetReadDeadline(now.Add(s.melody.Config.PongWait)) }) // fails if it is closed
	// The goroutine lives as long as the connection, so its stack stays small, and it keeps only what k keeps of the request.
	go k.serve(w.Header())
}

// serve lets melody serve the connection.
func (k *socket) serve(header http.Header) {
	k.handled(k.server.melody.HandleRequest(&taken{conn: k.net, header: header}, k.request))
}

// handled ends the connection.
func (k *socket) handled(err error) {
	defer k.server.wg.Done()
	defer k.server.open.Add(-1)
	defer k.release()
	k.inbound.message.End()
	if err != nil {
		k.server.opt.Logger.Debug("a WebSocket handshake failed", "error", err)
		k.net.Close()
	}
	if l, ok := k.net.(*halfClosing); ok {
		l.drain()
	}
}

func offers(r *http.Request, protocol string) bool {
	for _, p := range websocket.Subprotocols(r) {
		if p == protocol {
			return true
		}
	}
	return false
}

// taken is the ResponseWriter of a connection that was taken from net/http, for the upgrader.
type taken struct {
	conn   net.Conn
	header http.Header // of the answer; nil once the upgrader has it
}

func (t *taken) Header() http.Header {
	if t.header == nil {
		t.header = http.Header{}
	}
	return t.header
}

// WriteHeader answers a handshake that the upgrader refuses.
func (t *taken) WriteHeader(status int) {
	resp := http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Close: true, ContentLength: 0}
	_ = resp.Write(t.conn) // the connection is closed in any case
}

func (t *taken) Write(b []byte) (int, error) { return len(b), nil }

func (t *taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	t.header = nil // the connection may live for long
	return t.conn, bufio.NewReadWriter(bufio.NewReaderSize(t.conn, 16), bufio.NewWriterSize(t.conn, 16)), nil
}
