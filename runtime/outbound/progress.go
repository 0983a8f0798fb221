package outbound

import (
	"net"
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
		written, err := c.Write(p[n : n+partSize])
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
	written, err := c.Write(p[n:])
	return n + written, err
}
