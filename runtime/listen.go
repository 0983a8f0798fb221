package runtime

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/livec-lang/livec/internal/throttle"
	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/runtime/console"
	"github.com/livec-lang/livec/runtime/internal/proxy"
	"github.com/livec-lang/livec/runtime/internal/site"
	"github.com/livec-lang/livec/runtime/store"
)

// handler serves an app: its server, and its web app if there is one. In development, those who open what has no page are led on.
func (p *program) handler(s *Server, files *site.Site, hosts proxy.Hosts) http.Handler {
	base, development := s.opt.Base, !s.opt.Production
	var h http.Handler = s
	switch {
	case files != nil:
		h = site.Wrap(s, s.gateway.Guard(files.Handler()), base, console.Path, "/healthz", "/readyz", "/metrics")
	case development:
		h = site.Lead(s, base+"/", console.Path)
	}
	if base != "" && development {
		h = site.Lead(h, "/", base+"/")
	}
	if development || len(hosts) > 0 {
		var log throttle.Log
		h = hosts.Only(h, func(host string) {
			log.Write(s.log, slog.LevelWarn, "host",
				"a request for another host was refused; if it is yours, add it to --hosts (LIVE_HOSTS)", "host", host)
		})
	}
	return h
}

// front is the HTTP server of a handler.
func (p *program) front(s *Server, h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: s.govern.Time(limits.HeaderWait), MaxHeaderBytes: maxHeader, IdleTimeout: s.govern.Time(limits.IdleWait),
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// listenWatched listens at the address for the metrics; nil if there is none.
func (p *program) listenWatched() (net.Listener, error) {
	if p.watched == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", p.watched)
	if err != nil {
		return nil, listenError("--metrics-addr", p.watched, err)
	}
	return l, nil
}

// watched serves what those who watch the server ask for: health and metrics.
func (s *Server) watched() http.Handler {
	mux := s.health("")
	mux.Handle("GET /metrics", s.Metrics())
	return mux
}

// health serves health at the root and, if there is one, below a base.
func (s *Server) health(base string) *http.ServeMux {
	mux := http.NewServeMux()
	for _, path := range []string{"/healthz", "/readyz"} {
		mux.Handle("GET "+path, s)
		if base != "" {
			mux.Handle("GET "+base+path, s)
		}
	}
	return mux
}

// errLate is the error of a server that did not end in time.
var errLate = errors.New("the server did not end in time, and was stopped; what was acknowledged is in the database")

// stop ends a server within limits.DrainTime, whatever its parts wait for: what runs has most of that time to end by itself, then it is
// cut off.
func (p *program) stop(s *Server, db store.Store, fronts ...*http.Server) error {
	whole := s.govern.Time(limits.DrainTime)
	drain, cancel := context.WithTimeout(context.Background(), whole-whole/5)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		if err := s.Close(drain); err != nil {
			s.log.Warn("some calls were cut off", "error", err)
		}
		for _, f := range fronts {
			if err := f.Shutdown(drain); err != nil {
				s.log.Warn("some requests were cut off", "error", err)
				_ = f.Close()
			}
		}
		ended <- db.Close()
	}()
	late := time.NewTimer(whole)
	defer late.Stop()
	select {
	case err := <-ended:
		return err
	case <-late.C:
		return errLate
	}
}
