package outbound

import (
	"errors"
	"net"
	"os"
	"time"
)

// partSize is how many bytes of a frame a peer reads within SocketOptions.WriteWait. A peer that is slow, but takes them, gets frames of
// any size.
const partSize = 64 << 10

// pace is the deadlines of a connection while a large frame is written.
type pace struct{ write, read time.Duration }

// writeParts writes p to a connection. The deadline that was set holds for the first part; each further part has its own. No pings are
// sent meanwhile, so what the peer takes counts as an answer to them.
func (t pace) writeParts(c net.Conn, p []byte) (n int, err error) {
	for len(p)-n > partSize {
		written, err := t.writePart(c, p[n:n+partSize])
		if n += written; err != nil {
			return n, err
		}
		now := time.Now()
		if err := c.SetWriteDeadline(now.Add(t.write)); err != nil {
			return n, err
		}
		if err := c.SetReadDeadline(now.Add(t.read)); err != nil {
			return n, err
		}
	}
	written, err := t.writePart(c, p[n:])
	return n + written, err
}

// writePart writes p. Its deadline is put off while the peer takes data that the system has buffered: a writer that waits for room in the
// buffer wakes only once much of it is free, which takes a slow peer longer than it has for one part.
func (t pace) writePart(c net.Conn, p []byte) (n int, err error) {
	waiting := -1 // bytes that the peer had not taken at the last deadline; -1: there was none
	for {
		written, err := c.Write(p[n:])
		n += written
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		left, known := unsent(c)
		if !known || left == 0 || waiting >= 0 && left >= waiting {
			return n, err
		}
		waiting = left
		now := time.Now()
		if err := c.SetWriteDeadline(now.Add(t.write)); err != nil {
			return n, err
		}
		if err := c.SetReadDeadline(now.Add(t.read)); err != nil {
			return n, err
		}
	}
}
