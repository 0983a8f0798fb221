//go:build unix

package outbound

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// aheadSize is how many bytes of what a peer has sent are read at once.
const aheadSize = 8 << 10

var aheads = sync.Pool{New: func() any { return new([aheadSize]byte) }}

// ahead reads more from a connection than it is asked for, so that a peer that sends many small frames in a row costs few system
// calls. It has a buffer only while there is something in it: a silent connection waits without one.
type ahead struct {
	raw     syscall.RawConn
	fill    func(fd uintptr) bool // read, as a value that is made once
	buf     *[aheadSize]byte      // nil for none
	at, end int                   // what of buf has not been taken
	err     error                 // of the last system call
}

func (a *ahead) init(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return // it is closed; the first read returns the error
	}
	a.raw, a.fill = raw, a.read
}

// read is called when there is something to read, or may be.
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

// Read is that of net.Conn.
func (l *halfClosing) Read(p []byte) (int, error) {
	a := &l.ahead
	switch {
	case a.raw == nil:
		return l.TCPConn.Read(p)
	case len(p) == 0:
		return 0, nil
	case a.buf == nil:
		if err := a.raw.Read(a.fill); err != nil {
			return 0, err
		}
		if a.err != nil {
			a.drop()
			return 0, a.err
		}
	}
	n := copy(p, a.buf[a.at:a.end])
	if a.at += n; a.at == a.end {
		a.drop()
	}
	return n, nil
}

// drop gives the buffer back.
func (a *ahead) drop() {
	if a.buf != nil {
		aheads.Put(a.buf)
		a.buf = nil
	}
}
