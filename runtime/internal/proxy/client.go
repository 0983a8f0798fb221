package proxy

import (
	"net/http"
	"net/netip"
	"strings"
)

// Client is where a request came from.
type Client struct {
	Addr   netip.Addr // not valid if the peer has no address, such as in this process
	HTTPS  bool       // the client speaks HTTPS, with this process or with a trusted proxy
	Host   string     // that the client asked for, maybe with a port
	Direct bool       // the peer is no trusted proxy

	// Stranger: a peer that is not trusted has sent headers of a proxy. They count for nothing.
	Stranger bool
	// Conflict: X-Forwarded-For and Forwarded name different clients, so one of them may be forged. The peer counts as the client.
	Conflict bool
}

// Find finds the client of a request.
func (t Trusted) Find(r *http.Request) Client {
	c := Client{Addr: peer(r.RemoteAddr), HTTPS: r.TLS != nil, Host: r.Host, Direct: true}
	forwarded := forwards(r.Header)
	if !c.Addr.IsValid() || !t.Contains(c.Addr) {
		c.Stranger = forwarded
		return c
	}
	c.Direct = false
	if !forwarded {
		return c
	}
	older, newer := t.client(xForwarded(r.Header), c.Addr), t.client(standard(r.Header), c.Addr)
	switch {
	case older.found && newer.found && older.addr != newer.addr:
		c.Conflict = true
		return c
	case older.found:
		c.Addr = older.addr
	case newer.found:
		c.Addr = newer.addr
	}
	if proto := first(older.proto, last(r.Header, "X-Forwarded-Proto"), newer.proto); proto != "" {
		c.HTTPS = strings.EqualFold(proto, "https") || strings.EqualFold(proto, "wss")
	}
	if host := first(older.host, last(r.Header, "X-Forwarded-Host"), newer.host); host != "" {
		c.Host = host
	}
	return c
}

// forwards reports whether there are headers of a proxy.
func forwards(h http.Header) bool {
	return len(h["X-Forwarded-For"]) > 0 || len(h["Forwarded"]) > 0 || len(h["X-Forwarded-Proto"]) > 0 || len(h["X-Forwarded-Host"]) > 0
}

// peer reads the address of a connection.
func peer(remote string) netip.Addr {
	if p, err := netip.ParseAddrPort(remote); err == nil {
		return p.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(remote) // not valid if it is no address
	return a.Unmap()
}

// hop is what a proxy says of the peer that it got a request from.
type hop struct {
	addr        netip.Addr // not valid if the proxy does not tell
	proto, host string
}

// origin is what the hops together say of the client.
type origin struct {
	hop
	found bool
}

// client goes through the hops from the last proxy to the first one, as long as they are trusted. peer is the last proxy. If a hop has no
// address that can be read, who reported it counts as the client.
func (t Trusted) client(hops []hop, peer netip.Addr) origin {
	o := origin{hop: hop{addr: peer}}
	for i := len(hops) - 1; i >= 0; i-- {
		if !hops[i].addr.IsValid() {
			break
		}
		o.hop, o.found = hops[i], true
		if !t.Contains(o.addr) {
			break
		}
	}
	return o
}

// xForwarded reads the hops of X-Forwarded-For, and X-Forwarded-Proto and X-Forwarded-Host where they have as many entries.
func xForwarded(h http.Header) []hop {
	addresses := list(h, "X-Forwarded-For")
	protos, hosts := list(h, "X-Forwarded-Proto"), list(h, "X-Forwarded-Host")
	hops := make([]hop, len(addresses))
	for i, text := range addresses {
		hops[i].addr = address(text)
		if len(protos) == len(addresses) {
			hops[i].proto = protos[i]
		}
		if len(hosts) == len(addresses) {
			hops[i].host = hosts[i]
		}
	}
	return hops
}

// maxHops bounds how many entries of a header are read, from the end.
const maxHops = 64

// list gives the entries of a header, of all its lines.
func list(h http.Header, name string) []string {
	var out []string
	for _, line := range h[name] {
		for entry := range strings.SplitSeq(line, ",") {
			out = append(out, strings.TrimSpace(entry))
		}
	}
	return out[max(0, len(out)-maxHops):]
}

// last gives the last entry of a header: that of the nearest proxy.
func last(h http.Header, name string) string {
	entries := list(h, name)
	if len(entries) == 0 {
		return ""
	}
	return entries[len(entries)-1]
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// address reads an address with or without a port, and with or without brackets, as proxies write them.
func address(text string) netip.Addr {
	if p, err := netip.ParseAddrPort(text); err == nil {
		return p.Addr().Unmap().WithZone("")
	}
	a, _ := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return a.Unmap().WithZone("")
}
