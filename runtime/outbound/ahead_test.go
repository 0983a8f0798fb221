//go:build unix

package outbound

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/runtime/internal/door"
)

// tcpPair is both ends of a connection.
func tcpPair(t interface {
	Fatal(args ...any)
	Cleanup(f func())
}) (peer net.Conn, here *halfClosing) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if peer, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	here = &halfClosing{Conn: door.NewConn(conn, time.Minute), socket: &socket{}}
	here.ahead.init(conn.(*net.TCPConn))
	t.Cleanup(func() {
		peer.Close()
		here.Conn.Close()
	})
	return peer, here
}

// TestAhead checks that reading in pieces of any size returns what was sent in pieces of other sizes, and then the end.
func TestAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		peer, here := tcpPair(t)
		sent := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 3*aheadSize), 0, 5).Draw(t, "sent")
		piece := rapid.IntRange(1, 2*aheadSize)
		go func() {
			defer peer.Close()
			for _, b := range sent {
				if _, err := peer.Write(b); err != nil {
					return
				}
			}
		}()
		want := bytes.Join(sent, nil)
		var got []byte
		for {
			p := make([]byte, piece.Draw(t, "piece"))
			n, err := here.Read(p)
			got = append(got, p[:n]...)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || n == 0 {
				t.Fatalf("%d bytes, %v", n, err)
			}
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%d bytes came of %d that were sent, or others", len(got), len(want))
		}
	})
}

// TestAheadWaits checks that a waiting reader has no buffer, and waits no longer than its deadline.
func TestAheadWaits(t *testing.T) {
	peer, here := tcpPair(t)
	if err := here.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := here.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("past its deadline: %v", err)
	}
	if err := here.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if raw, err := here.TCP().SyscallConn(); err != nil {
		t.Fatal(err)
	} else if err := raw.Read(func(fd uintptr) bool {
		if here.ahead.read(fd) || here.ahead.buf != nil {
			t.Error("there is something to read before anything was sent, or a buffer for it")
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := peer.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	for _, want := range "abc" {
		p := make([]byte, 1)
		if n, err := here.Read(p); n != 1 || err != nil || p[0] != byte(want) {
			t.Fatalf("%q, %v, want %q", p[:n], err, want)
		}
	}
	if here.ahead.buf != nil {
		t.Error("a buffer in which nothing is left is kept")
	}
	here.Conn.Close()
	if _, err := here.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
