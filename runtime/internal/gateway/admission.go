package gateway

import (
	"net/http"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
)

// network is what the address of a client is counted by.
func (g *Gateway) network(r *http.Request) string { return identity.Network(g.cfg.ClientIP(r)) }

// admitConnection asks whether there may be another connection: a WebSocket or a stream of events. If not, it has answered. release ends
// it.
func (g *Gateway) admitConnection(w http.ResponseWriter, r *http.Request) (release func(), ok bool) {
	network := g.network(r)
	failure := g.cfg.Traffic.Connect(network)
	if failure == nil {
		return func() { g.cfg.Traffic.Disconnect(network) }, true
	}
	WriteError(w, failure)
	return nil, false
}

// admitRequest asks whether a client may send another request. If not, it has answered.
func (g *Gateway) admitRequest(w http.ResponseWriter, r *http.Request) bool {
	var failure *fault.Error
	if failure = g.cfg.Traffic.Request(g.network(r)); failure != nil {
		WriteError(w, failure)
	}
	return failure == nil
}

// Sockets is the number of WebSockets.
func (g *Gateway) Sockets() int { return g.sockets.Len() }
