package runtime

import (
	"context"
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/auth"
)

// openSessions makes ready to sign sessions, where there is a secret to sign them with.
func (s *Server) openSessions() error {
	if len(s.opt.Secret) == 0 {
		return nil
	}
	cookies, err := auth.NewSessions(s.opt.Secret)
	if err != nil {
		return fmt.Errorf("Options.Secret: %w", err)
	}
	s.cookies = cookies
	return nil
}

func newEngine(*Server) (engine, error) { return idle{}, nil }

// idle is the engine of a server without streams.
type idle struct{}

func (idle) Open(context.Context, *relation.Query, []relation.Value) (window, error) {
	return nil, errUnavailable
}
func (idle) Watch([]dependency, func()) func() { return func() {} }
func (idle) Close()                            {}
