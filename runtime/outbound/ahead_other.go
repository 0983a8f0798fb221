//go:build !unix

package outbound

import "net"

// ahead is for systems whose connections can be asked whether there is something to read.
type ahead struct{}

func (*ahead) init(*net.TCPConn) {}
func (*ahead) drop()             {}
