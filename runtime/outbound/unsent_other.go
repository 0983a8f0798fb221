//go:build !linux

package outbound

import "net"

// unsent is how many bytes of a connection its peer has not acknowledged, and whether that is known.
func unsent(net.Conn) (n int, known bool) { return 0, false }
