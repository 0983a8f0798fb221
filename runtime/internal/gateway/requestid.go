package gateway

import (
	"crypto/rand"
	"net/http"

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
