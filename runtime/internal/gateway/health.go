package gateway

import (
	"encoding/json"
	"net/http"
)

// Reason is why a server is not ready.
type Reason struct {
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// watch serves health below a path: those who watch the process also ask at the root, since they reach it without the proxy.
func (g *Gateway) watch(base string) {
	g.mux.HandleFunc("GET "+base+"/healthz", g.serveLive)
	g.mux.HandleFunc("GET "+base+"/readyz", g.serveReady)
}

// serveLive answers that the process serves. Whoever runs it may start it anew if there is no answer.
func (g *Gateway) serveLive(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, []byte(`{"status":"ok"}`))
}

// serveReady answers whether clients should be sent here, and why not.
func (g *Gateway) serveReady(w http.ResponseWriter, _ *http.Request) {
	var reasons []Reason
	if g.stopped() || g.told() {
		reasons = append(reasons, Reason{"draining", "The server is stopping"})
	}
	reasons = append(reasons, g.cfg.Unready()...)
	if len(reasons) == 0 {
		WriteJSON(w, []byte(`{"status":"ready"}`))
		return
	}
	body, _ := json.Marshal(struct { // it has strings alone
		Status  string   `json:"status"`
		Reasons []Reason `json:"reasons"`
	}{"unready", reasons})
	w.Header().Set("Retry-After", "1")
	write(w, http.StatusServiceUnavailable, body)
}

// told reports whether the program has been told to stop. What it does then begins a moment later.
func (g *Gateway) told() bool {
	select {
	case <-g.cfg.Stopping:
		return true
	default:
		return false
	}
}

// Guard serves further paths, such as files, within the time limits of answers.
func (g *Gateway) Guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := g.begin(w, r)
		if x == nil {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "The server is stopping.", http.StatusServiceUnavailable)
			return
		}
		defer x.end()
		h.ServeHTTP(x, r)
	})
}
