// Package proxy finds the client of a request that came through proxies: its address, its scheme and the host it asked for. It believes
// only the headers of proxies that are trusted, since anybody can send such headers.
package proxy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Trusted is a set of addresses of proxies. The zero value is empty.
type Trusted []netip.Prefix

// words are names for ranges of addresses: the machine itself, and networks that are not the internet (RFC 1918, RFC 3927, RFC 4193 and
// RFC 4291).
var words = map[string][]string{
	"loopback": {"127.0.0.0/8", "::1/128"},
	"private":  {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"},
}

// leastBits is how many bits a range has at least that can be a network of one owner: fc00::/7 is the largest one.
const leastBits = 7

// Parse reads a list of addresses, ranges (CIDR) and the words loopback and private, separated by commas.
func Parse(list string) (Trusted, error) {
	var t Trusted
	for item := range strings.SplitSeq(list, ",") {
		item = strings.TrimSpace(item)
		switch ranges, isWord := words[item]; {
		case item == "":
			continue
		case isWord:
			for _, r := range ranges {
				t = append(t, netip.MustParsePrefix(r)) // the constants above
			}
			continue
		case strings.EqualFold(item, "localhost"):
			return nil, fmt.Errorf("%q is a name; write loopback for this machine", item)
		case strings.Contains(item, "/"):
			p, err := netip.ParsePrefix(item)
			if err != nil {
				return nil, fmt.Errorf("%q is not a range of addresses, such as 10.0.0.0/8", item)
			}
			if p.Addr().Is4In6() && p.Bits() >= 96 {
				p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
			}
			t = append(t, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(item)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8, nor loopback or private", item)
		}
		a = a.Unmap().WithZone("")
		t = append(t, netip.PrefixFrom(a, a.BitLen()))
	}
	return t, nil
}

// Wide lists the ranges that are so large that clients are in them: everybody there can claim any address.
func (t Trusted) Wide() []netip.Prefix {
	var wide []netip.Prefix
	for _, p := range t {
		if p.Bits() < leastBits {
			wide = append(wide, p)
		}
	}
	return wide
}

// Contains reports whether an address is trusted.
func (t Trusted) Contains(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(t, func(p netip.Prefix) bool { return p.Contains(a) })
}
