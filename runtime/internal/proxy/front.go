package proxy

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// quiet is the time between two warnings of one kind.
const quiet = time.Minute

// Front finds the clients of requests, and warns of headers that cannot be believed. It is safe for concurrent use.
type Front struct {
	Trusted Trusted
	Log     *slog.Logger

	stranger, conflict warned
}

// warned is when a warning was last given.
type warned struct{ at atomic.Int64 } // Unix nanoseconds

func (w *warned) due() bool {
	now, last := time.Now().UnixNano(), w.at.Load()
	return (last == 0 || now-last >= int64(quiet)) && w.at.CompareAndSwap(last, now)
}

// Find finds the client of a request.
func (f *Front) Find(r *http.Request) Client {
	c := f.Trusted.Find(r)
	switch {
	case c.Stranger && f.stranger.due():
		f.Log.Warn("headers of a proxy do not count, since this peer is not trusted; if it is your proxy, add its address to --trusted-proxies",
			"peer", r.RemoteAddr, "setting", "--trusted-proxies, LIVE_TRUSTED_PROXIES")
	case c.Conflict && f.conflict.due():
		f.Log.Warn("X-Forwarded-For and Forwarded name different clients, so the proxy counts as the client; "+
			"have it set one and remove the other", "peer", r.RemoteAddr)
	}
	return c
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
func (f *Front) Trusts(r *http.Request) bool { return f.Trusted.Contains(peer(r.RemoteAddr)) }
