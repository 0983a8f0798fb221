package runtime

import (
	"context"
	"errors"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/conn"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/livequery"
)

// engine runs live queries. Servers use package livequery.
type engine interface {
	conn.Engine
	// Settle returns when the windows have processed all commits so far.
	Settle()
	Close()
}

// newEngine starts the engine of live queries.
func newEngine(s *Server) (engine, error) {
	e, err := livequery.New(s.store, s.hub, livequery.Options{
		Linger: s.govern.Time(limits.Linger), Clock: s.opt.Clock, Logger: s.log, Govern: s.govern,
	})
	if err != nil {
		return nil, err
	}
	return liveEngine{e}, nil
}

// liveEngine adapts package livequery to engine.
type liveEngine struct{ *livequery.Engine }

func (e liveEngine) Open(ctx context.Context, q *relation.Query, params []relation.Value) (conn.Window, error) {
	w, err := e.Engine.Open(ctx, q, params)
	if errors.Is(err, livequery.ErrClosed) {
		return nil, fault.Unavailable
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}
