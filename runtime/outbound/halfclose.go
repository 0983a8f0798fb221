package outbound

import (
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/livec-lang/livec/runtime/internal/door"
)

// Bounds of how long, and how much, is read from a peer after the connection was closed here.
const (
	drainFor   = time.Second
	drainBytes = 1 << 20
)

// halfClosing closes a connection in the order that lets the peer read everything that was sent to it, above all the close frame: closing a
// connection that has unread data resets it, and what the peer has not read yet is lost (RFC 9112 §9.6 describes it for HTTP).
type halfClosing struct {
	*door.Conn
	socket *socket
	closed atomic.Bool
	ahead  ahead
}

func (l *halfClosing) carried() *socket { return l.socket }

// Close closes the sending side, and leaves the peer a moment to close the other; drain then closes the connection.
func (l *halfClosing) Close() error {
	if l.closed.Swap(true) {
		return net.ErrClosed
	}
	err := l.CloseWrite()
	if e := l.Conn.SetReadDeadline(time.Now().Add(drainFor)); err == nil {
		err = e
	}
	return err
}

// SetReadDeadline leaves the moment that Close has set.
func (l *halfClosing) SetReadDeadline(t time.Time) error {
	if l.closed.Load() {
		return net.ErrClosed
	}
	return l.socket.setReadDeadline(l.Conn, t)
}

// drain waits for the peer and closes. The owner of the connection calls it once nobody else reads.
func (l *halfClosing) drain() {
	_ = l.Close()
	l.ahead.drop()
	_, _ = io.CopyN(io.Discard, l.Conn, drainBytes) // ends by the deadline at the latest
	_ = l.Conn.Close()
}
