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
