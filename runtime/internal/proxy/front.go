package proxy

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/livec-lang/livec/internal/throttle"
)

// quiet is the time between two warnings of one kind.
const quiet = time.Minute

// Front finds the clients of requests, and warns of headers that cannot be believed. It is safe for concurrent use. Make it with NewFront.
type Front struct {
	trusted  Trusted
	log      *slog.Logger
	warnings throttle.Log
}

// NewFront makes a Front that believes some proxies.
func NewFront(trusted Trusted, log *slog.Logger) *Front {
	return &Front{trusted: trusted, log: log, warnings: throttle.Log{Each: quiet}}
}

// Find finds the client of a request.
func (f *Front) Find(r *http.Request) Client {
	c := f.trusted.Find(r)
	switch {
	case c.Stranger:
		f.warn("stranger", "headers of a proxy do not count, since this peer is not trusted; if it is your proxy, add its address to "+
			"--trusted-proxies", "peer", r.RemoteAddr, "setting", "--trusted-proxies, LIVE_TRUSTED_PROXIES")
	case c.Conflict:
		f.warn("conflict", "X-Forwarded-For and Forwarded name different clients, so the proxy counts as the client; "+
			"have it set one and remove the other", "peer", r.RemoteAddr)
	}
	return c
}

func (f *Front) warn(kind, message string, args ...any) {
	f.warnings.Write(f.log, slog.LevelWarn, kind, message, args...)
}

// IP is the address of the client of a request, as text.
func (f *Front) IP(r *http.Request) string {
	if a := f.Find(r).Addr; a.IsValid() {
		return a.String()
	}
	return r.RemoteAddr
}

// HTTPS reports whether the client of a request speaks HTTPS.
func (f *Front) HTTPS(r *http.Request) bool { return f.Find(r).HTTPS }

// Host is the host that the client of a request asked for.
func (f *Front) Host(r *http.Request) string { return f.Find(r).Host }

// Trusts reports whether the peer of a request is a trusted proxy.
func (f *Front) Trusts(r *http.Request) bool { return f.trusted.Contains(peer(r.RemoteAddr)) }
