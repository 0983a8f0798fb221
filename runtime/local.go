package runtime

import (
	"net/http"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/outbound"
)

// Local is a client in this process, connected without a network: for tests, for measuring, and for programs that carry frames by other means.
type Local struct {
	conn    *conn
	receive func(frame []byte)
	closed  func(code int, reason string)
}

// Connect connects a client in this process, with the headers and the URL of r, as which it speaks the protocol of docs/protocol.md. receive is given each frame that the server sends, and
// closed, unless it is nil, the close code at the end. They run on the server's goroutines, for calls that write nothing on that of Send; they must not block and may keep nothing of a frame.
func (s *Server) Connect(r *http.Request, receive func(frame []byte), closed func(code int, reason string)) *Local {
	l := &Local{receive: receive, closed: closed}
	l.conn = s.newConn(r, &localTransport{l})
	return l
}

// ConnectAs is Connect for a client that speaks for a user, as the app's upgrade would give it, or for nobody with nil; upgrade is not asked.
func (s *Server) ConnectAs(user any, r *http.Request, receive func(frame []byte), closed func(code int, reason string)) *Local {
	l := &Local{receive: receive, closed: closed}
	who := &identity.Identity{User: user}
	if user != nil && s.reg.app.UserKey != nil {
		who.Key = s.reg.app.UserKey(user)
	}
	l.conn = s.newConn(r, &localTransport{l})
	l.conn.given = who
	return l
}

// SendBinary is Send for a binary frame.
func (l *Local) SendBinary(frame []byte) { l.conn.Binary(frame) }

// Send handles a text frame of the client. It must not be called by several goroutines at once. The frame belongs to the server.
func (l *Local) Send(frame []byte) { l.conn.Text(frame) }

// Close ends the connection.
func (l *Local) Close() {
	l.conn.outbound.Gone()
	l.conn.Gone()
}

// localTransport hands frames over at once.
type localTransport struct{ local *Local }

var _ outbound.Transport = (*localTransport)(nil)

func (t *localTransport) Start(frame []byte) error {
	t.local.receive(frame)
	t.local.conn.outbound.Sent(0)
	return nil
}

func (t *localTransport) Write(frame []byte) error {
	t.local.receive(frame)
	return nil
}

func (t *localTransport) Close(code int, reason string) {
	if t.local.closed != nil {
		t.local.closed(code, reason)
	}
}

func (t *localTransport) Cut() { t.Close(1006, "") }
