//go:build !unix

package outbound

import "net"

// ahead does nothing where a connection cannot be asked whether there is something to read.
type ahead struct{}

func (*ahead) init(*net.TCPConn) {}
func (*ahead) drop()             {}
