package door

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// partSize is how many bytes a peer must take within the time that it has. A peer that is slow, but takes them, gets answers and frames of
// any size. One that takes nothing would keep a goroutine forever, and the server could not stop.
const partSize = 64 << 10

// Conn is a connection whose peer must take what it is sent: each 64 KiB within a time, also what only the system holds at the end.
//
// A deadline for writing that is set holds for the first part of the next Write, and further parts have their own. Without one, each part
// has its own. A deadline that is past when it is set cuts the connection off: nothing puts it off.
type Conn struct {
	net.Conn // not *net.TCPConn, whose ReadFrom and writev would go past Write
	wait     time.Duration
	taken    func(now time.Time) // is called when the peer has taken a part; nil for nothing
	closed   func()              // is called by Close, maybe again; nil for nothing

	mu      sync.Mutex
	timed   bool        // a deadline for writing is set
	cut     bool        // that was past
	written int         // bytes since the last Rest
	left    int         // bytes that the peer had not taken at the last look
	look    *time.Timer // at what it has taken; nil while the connection does not rest
}

// NewConn gives the peer of a connection this long for each part.
func NewConn(c net.Conn, wait time.Duration) *Conn { return &Conn{Conn: c, wait: wait} }

// Taken has fn called each time that the peer has taken a part of what is being written, other than the last part. It must be called before
// the first Write.
func (c *Conn) Taken(fn func(now time.Time)) { c.taken = fn }

// TCP is the connection below; nil if it is another one, such as one with TLS.
func (c *Conn) TCP() *net.TCPConn {
	tcp, _ := c.Conn.(*net.TCPConn)
	return tcp
}

// Close is part of net.Conn.
func (c *Conn) Close() error {
	if c.closed != nil {
		c.closed()
	}
	return c.Conn.Close()
}

// CloseWrite closes the sending side, as far as there are two.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// SetDeadline is part of net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	return errors.Join(c.Conn.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// SetWriteDeadline is part of net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timed = !t.IsZero()
	c.cut = c.timed && !t.After(time.Now())
	return c.Conn.SetWriteDeadline(t)
}

// extend gives the peer its time again, unless the connection is cut off.
func (c *Conn) extend() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		return os.ErrDeadlineExceeded
	}
	return c.Conn.SetWriteDeadline(time.Now().Add(c.wait))
}

// Write is part of net.Conn.
func (c *Conn) Write(p []byte) (n int, err error) {
	c.mu.Lock()
	c.written += len(p)
	timed := c.timed
	c.mu.Unlock()
	if !timed {
		if err := c.extend(); err != nil {
			return 0, err
		}
	}
	for len(p)-n > partSize {
		written, err := c.writePart(p[n : n+partSize])
		if n += written; err != nil {
			return n, err
		}
		if err := c.goOn(); err != nil {
			return n, err
		}
	}
	written, err := c.writePart(p[n:])
	return n + written, err
}

// goOn gives the peer its time for the next part, since it has taken one.
func (c *Conn) goOn() error {
	if c.taken != nil {
		c.taken(time.Now())
	}
	return c.extend()
}

// writePart writes p. Its deadline is put off while the peer takes data that the system has buffered: a writer that waits for room in the
// buffer wakes only once much of it is free, which takes a slow peer longer than it has for one part.
func (c *Conn) writePart(p []byte) (n int, err error) {
	waiting := -1 // bytes that the peer had not taken at the last deadline; -1: there was none
	for {
		written, err := c.Conn.Write(p[n:])
		n += written
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		left, known := unsent(c.Conn)
		if !known || left == 0 || waiting >= 0 && left >= waiting {
			return n, err
		}
		waiting = left
		if err := c.goOn(); err != nil {
			return n, err
		}
	}
}

// rest notes that the connection has nothing more to write. If much was written, the system may hold all of it, and the peer must take it.
func (c *Conn) rest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	much := c.written >= partSize
	c.written = 0
	if much {
		c.watch(-1)
	}
}

// watch looks again after the time that the peer has for a part, if it has not taken everything. last is what it had not taken at the last
// look; -1: there was none. It needs the lock.
func (c *Conn) watch(last int) {
	left, known := unsent(c.Conn)
	switch {
	case !known || left == 0:
		c.look = nil
	case last >= 0 && left >= last:
		c.look = nil
		_ = c.Close() // who reads from it notices
	default:
		c.left = left
		var own *time.Timer
		own = time.AfterFunc(c.wait, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.look == own { // else it does not rest any more
				c.watch(c.left)
			}
		})
		c.look = own
	}
}

// wake ends the rest of a connection.
func (c *Conn) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.look != nil {
		c.look.Stop()
		c.look = nil
	}
}
