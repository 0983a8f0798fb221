//go:build !linux

package door

import "net"

// unsent is how many bytes of a connection its peer has not acknowledged, and whether that is known.
func unsent(net.Conn) (n int, known bool) { return 0, false }

// unread reports whether the peer of a connection is known to have sent something that was not read.
func unread(net.Conn) bool { return false }
