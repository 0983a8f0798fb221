package runtime

import (
	"net/http"

	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/outbound"
)

// Local is a client in this process, connected without a network: for tests, for benchmarks, and for programs with another transport.
type Local struct {
	server  *Server
	conn    *conn.Conn
	ready   chan struct{} // closed once conn is set
	receive func(frame []byte)
	closed  func(code int, reason string)
}

// Connect connects a client in this process, with the headers and the URL of r. The client speaks the protocol of docs/protocol.md. receive
// is called with each frame of the server, and closed, unless it is nil, with the close code at the end. They run on goroutines of the
// server; for calls that only read, on that of Send. They must not block, and must not keep the frame.
func (s *Server) Connect(r *http.Request, receive func(frame []byte), closed func(code int, reason string)) *Local {
	l := &Local{server: s, ready: make(chan struct{}), receive: receive, closed: closed}
	l.conn = s.conns.Connect(r, &localTransport{l})
	close(l.ready)
	return l
}

// SendBinary is Send for a binary frame.
func (l *Local) SendBinary(frame []byte) { l.conn.Binary(frame) }

// Send handles a text frame of the client. Only one goroutine at a time may call it. The frame belongs to the server from then on.
func (l *Local) Send(frame []byte) { l.conn.Text(frame) }

// Close ends the connection.
func (l *Local) Close() { l.conn.Leave() }

// localTransport passes frames on at once.
type localTransport struct{ local *Local }

var _ outbound.Transport = (*localTransport)(nil)

func (t *localTransport) Start(frame []byte) error {
	t.local.receive(frame)
	t.local.conn.Sent(0)
	return nil
}

func (t *localTransport) Write(frame []byte) error {
	t.local.receive(frame)
	return nil
}

// Close ends the connection, on a goroutine of its own: its caller may hold the locks of the connection.
func (t *localTransport) Close(code int, reason string) {
	if t.local.closed != nil {
		t.local.closed(code, reason)
	}
	l := t.local
	l.server.tasks.Go(func() {
		<-l.ready
		l.conn.Gone()
	})
}

func (t *localTransport) Cut() { t.Close(1006, "") }
