package gateway

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// maxRequestID is how many characters the id of a proxy may have.
const maxRequestID = 64

// identify gives a request an id: that of a trusted proxy, or a new one. The answer has it too.
func (g *Gateway) identify(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(identity.RequestID)
	if !plainID(id) || !g.cfg.Trusted(r) {
		id = rand.Text()[:16]
		if r.Header == nil {
			r.Header = http.Header{}
		}
		r.Header.Set(identity.RequestID, id)
	}
	w.Header().Set(identity.RequestID, id)
}

// origin is who has sent a request, for the log.
func (g *Gateway) origin(r *http.Request) fault.Origin {
	return fault.Origin{Request: r.Header.Get(identity.RequestID), Address: g.cfg.ClientIP(r)}
}

// report gives the error that the client is shown for the error of a request. It reports what is not for clients.
func (g *Gateway) report(r *http.Request, entryPoint string, err error) *fault.Error {
	return g.cfg.Faults.Report(fault.WithOrigin(r.Context(), g.origin(r)), entryPoint, err)
}

// slow logs that a request took long; 0 if it did not.
func (g *Gateway) slow(r *http.Request, entryPoint string, took time.Duration) {
	if took > 0 {
		g.cfg.Faults.Slow(entryPoint, took, g.origin(r))
	}
}

func plainID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
