package proxy

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Hosts are names under which a server is reached. Addresses and the names of the machine itself always count: a page whose name was made
// to point at this machine (DNS rebinding) has a name of its own.
type Hosts []string

// ParseHosts reads a list of names, separated by commas. A name that starts with a dot stands for all names that end in it.
func ParseHosts(list string) (Hosts, error) {
	var h Hosts
	for name := range strings.SplitSeq(list, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		switch {
		case name == "":
			continue
		case strings.ContainsAny(name, "/: "):
			return nil, fmt.Errorf("%q is no name of a host, such as app.example; leave out the scheme and the port", name)
		}
		h = append(h, name)
	}
	return h, nil
}

// Has reports whether a host, maybe with a port, is among the names.
func (h Hosts) Has(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), "."))
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	for _, name := range h {
		if host == name || strings.HasPrefix(name, ".") && (strings.HasSuffix(host, name) || host == name[1:]) {
			return true
		}
	}
	return false
}

// Only serves requests for one of the names, and refuses all others, which it reports.
func (h Hosts) Only(next http.Handler, refused func(host string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.Has(r.Host) {
			refused(r.Host)
			http.Error(w, fmt.Sprintf("The host %q is not among those of this app. If it is yours, add it to --hosts (LIVE_HOSTS).", r.Host),
				http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
