package door

import (
	"errors"
	"net"
	"os"
	"runtime"
	"testing"
	"time"
)

// deadlines is a connection that records how its deadlines are set.
type deadlines struct {
	net.Conn
	parts []int
	write int
}

func (d *deadlines) Write(p []byte) (int, error) {
	d.parts = append(d.parts, len(p))
	return len(p), nil
}

func (d *deadlines) SetWriteDeadline(time.Time) error { d.write++; return nil }

// TestParts has each part of a large answer get a deadline of its own.
func TestParts(t *testing.T) {
	for _, c := range []struct{ size, further int }{{0, 0}, {1, 0}, {partSize, 0}, {partSize + 1, 1}, {3 * partSize, 2}} {
		var d deadlines
		taken := 0
		conn := NewConn(&d, time.Minute)
		conn.Taken(func(time.Time) { taken++ })
		if err := conn.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Write(make([]byte, c.size))
		if err != nil || n != c.size || d.write != 1+c.further || taken != c.further || len(d.parts) != c.further+1 {
			t.Errorf("%d bytes: %d are written (%v) in parts of %v, with %d deadlines, and %d are taken", c.size, n, err, d.parts, d.write, taken)
		}
	}
	var d deadlines
	if _, err := NewConn(&d, time.Minute).Write([]byte("a")); err != nil || d.write != 1 {
		t.Errorf("without a deadline it has %d (%v)", d.write, err)
	}
}

// pair is a connection, and its peer, which reads nothing by itself.
func pair(t *testing.T, wait time.Duration) (*Conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return NewConn(c, wait), peer
}

// TestCutOff cuts a connection off while a peer takes nothing, and before a write.
func TestCutOff(t *testing.T) {
	c, _ := pair(t, time.Hour)
	failed := make(chan error, 1)
	go func() {
		for {
			if _, err := c.Write(make([]byte, 1<<20)); err != nil {
				failed <- err
				return
			}
		}
	}()
	if err := c.SetWriteDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
	if _, err := c.Write(make([]byte, 2*partSize)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// TestRestUntaken closes a connection at rest whose peer takes nothing of what the system holds, and none whose peer takes everything.
func TestRestUntaken(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it is not known what a peer has taken")
	}
	c, peer := pair(t, time.Millisecond)
	if err := errors.Join(peer.(*net.TCPConn).SetReadBuffer(4096), c.TCP().SetWriteBuffer(1<<20)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(make([]byte, 4*partSize)); err != nil {
		t.Fatal(err)
	}
	c.rest()
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Error("it stays: ", err)
	}

	c, peer = pair(t, time.Hour)
	all := make(chan error, 1)
	go func() {
		for n := 0; n < 2*partSize; {
			some, err := peer.Read(make([]byte, partSize))
			if n += some; err != nil {
				all <- err
				return
			}
		}
		all <- nil
	}()
	if _, err := c.Write(make([]byte, 2*partSize)); err != nil {
		t.Fatal(err)
	}
	c.rest()
	if err := <-all; err != nil {
		t.Fatal(err)
	}
	for left := -1; left != 0 && t.Context().Err() == nil; { // the system acknowledges it in a moment
		left, _ = unsent(c.Conn)
	}
	c.mu.Lock()
	c.watch(1)
	looks := c.look != nil
	c.mu.Unlock()
	if looks {
		t.Error("everything is taken, and it looks on")
	}
	c.wake()
	if err := c.SetReadDeadline(time.Now().Add(-1)); err != nil {
		t.Error("it is closed: ", err)
	}
}
