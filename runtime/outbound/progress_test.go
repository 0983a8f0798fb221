package outbound

import (
	"net"
	"testing"
	"time"
)

// deadlines is a connection that records how its deadlines are set.
type deadlines struct {
	net.Conn
	parts       []int
	write, read int
}

func (d *deadlines) Write(p []byte) (int, error) {
	d.parts = append(d.parts, len(p))
	return len(p), nil
}

func (d *deadlines) SetWriteDeadline(time.Time) error { d.write++; return nil }
func (d *deadlines) SetReadDeadline(time.Time) error  { d.read++; return nil }

// TestWriteParts has each part of a large frame get a deadline of its own.
func TestWriteParts(t *testing.T) {
	for _, c := range []struct{ size, further int }{{0, 0}, {1, 0}, {partSize, 0}, {partSize + 1, 1}, {3 * partSize, 2}} {
		var d deadlines
		n, err := pace{time.Second, time.Minute}.writeParts(&d, make([]byte, c.size))
		if err != nil || n != c.size || d.write != c.further || d.read != c.further || len(d.parts) != c.further+1 {
			t.Errorf("%d bytes: %d are written (%v) in parts of %v, with %d and %d deadlines", c.size, n, err, d.parts, d.write, d.read)
		}
	}
}
