//go:build unix

package outbound

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// aheadSize is the number of bytes that are read from a peer at once.
const aheadSize = 8 << 10

var aheads = sync.Pool{New: func() any { return new([aheadSize]byte) }}

// ahead reads more from a connection than was requested, so that a peer that sends many small frames in a row costs few system calls. It
// has a buffer only while there is data in it: an idle connection has none.
type ahead struct {
	raw     syscall.RawConn
	fill    func(fd uintptr) bool // the method read, as a value that is made once
	buf     *[aheadSize]byte      // nil for none
	at, end int                   // the part of buf that has not been returned yet
	err     error                 // of the last system call
}

func (a *ahead) init(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return // it is closed; the first read returns the error
	}
	a.raw, a.fill = raw, a.read
}

// read is called when there is, or may be, something to read.
func (a *ahead) read(fd uintptr) bool {
	if a.buf == nil {
		a.buf = aheads.Get().(*[aheadSize]byte)
	}
	for {
		n, err := syscall.Read(int(fd), a.buf[:])
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			a.drop()
			return false
		case err != nil:
			n, a.err = 0, os.NewSyscallError("read", err)
		case n == 0:
			a.err = io.EOF
		default:
			a.err = nil
		}
		a.at, a.end = 0, n
		return true
	}
}

// Read is part of net.Conn.
func (l *halfClosing) Read(p []byte) (int, error) {
	a := &l.ahead
	switch {
	case a.raw == nil:
		return l.socket.read(l.Conn, p)
	case len(p) == 0:
		return 0, nil
	case a.buf == nil:
		if err := l.socket.await(); err != nil {
			return 0, err
		}
		if err := a.raw.Read(a.fill); err != nil {
			return 0, err
		}
		if a.err != nil {
			a.drop()
			return 0, a.err
		}
		if err := l.socket.arrived(a.buf[:a.end]); err != nil {
			a.drop()
			return 0, err
		}
	}
	n := copy(p, a.buf[a.at:a.end])
	if a.at += n; a.at == a.end {
		a.drop()
	}
	return n, nil
}

// drop frees the buffer.
func (a *ahead) drop() {
	if a.buf != nil {
		aheads.Put(a.buf)
		a.buf = nil
	}
}
