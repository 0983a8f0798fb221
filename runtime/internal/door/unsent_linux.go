package door

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// unsent is how many bytes of a connection its peer has not acknowledged, and whether that is known. See SIOCOUTQ in tcp(7).
func unsent(c net.Conn) (n int, known bool) { return queued(c, unix.SIOCOUTQ) }

// unread reports whether the peer of a connection is known to have sent something that was not read. See SIOCINQ in tcp(7).
func unread(c net.Conn) bool {
	if paced, ok := c.(*Conn); ok {
		c = paced.Conn
	}
	n, known := queued(c, unix.SIOCINQ)
	return known && n > 0
}

// queued asks the system how many bytes of a connection are in one of its queues.
func queued(c net.Conn, request uint) (n int, known bool) {
	conn, ok := c.(syscall.Conn)
	if !ok {
		return 0, false
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, false
	}
	failed := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), request) })
	return n, failed == nil && err == nil
}
