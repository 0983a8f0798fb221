package identity

import "net/netip"

// Network is what callers of one address are counted by: the address or, for IPv6, its /64, which one household or one machine usually has
// for itself (RFC 6177). What is no address is returned as it is.
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}

// Network is what callers of the address of this one are counted by; see the function.
func (c *Caller) Network() string {
	if c.Turn == "" { // what the server computes for a caller
		return Network(c.IP)
	}
	return c.Turn[len(turnOfNetwork):]
}

const turnOfNetwork = "a"

// TurnOfAddress is the Turn of callers from an address; see Caller.
func TurnOfAddress(ip string) string { return turnOfNetwork + Network(ip) }
