package session

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// Bounds of how long, and how much, is read from a peer after the connection was closed here.
const (
	lingerFor   = time.Second
	lingerBytes = 1 << 20
)

// lingering closes a connection in the order that lets the peer read all that was sent to it, the close frame above all: closing a connection that holds unread
// data resets it, and what the peer has not read yet is lost (RFC 9112 §9.6 describes it for HTTP).
type lingering struct {
	*net.TCPConn
	socket *socket
	closed atomic.Bool
	ahead  ahead
}

func (l *lingering) carried() *socket { return l.socket }

// Close ends what is sent and gives the peer a moment to end its side; linger then closes.
func (l *lingering) Close() error {
	if l.closed.Swap(true) {
		return net.ErrClosed
	}
	err := l.CloseWrite()
	if e := l.TCPConn.SetReadDeadline(time.Now().Add(lingerFor)); err == nil {
		err = e
	}
	return err
}

// SetReadDeadline leaves the moment that Close has set.
func (l *lingering) SetReadDeadline(t time.Time) error {
	if l.closed.Load() {
		return net.ErrClosed
	}
	return l.TCPConn.SetReadDeadline(t)
}

// linger waits for the peer and closes. The owner of the connection calls it once nobody else reads.
func (l *lingering) linger() {
	_ = l.Close()
	l.ahead.drop()
	_, _ = io.CopyN(io.Discard, l.TCPConn, lingerBytes) // ends by the deadline at the latest
	_ = l.TCPConn.Close()
}
