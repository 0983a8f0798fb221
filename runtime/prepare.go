package runtime

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/store"
)

// prepare counts a call for the rates by address, and reads its arguments into a frame. The decoder accepts them, or the schema.
func (s *Server) prepare(ctx context.Context, e *rpcEntry, from *identity.Caller, args []byte, frame any) (err error) {
	defer store.Recover(&err)
	if err := s.rateByIP(ctx, e.spec.Path, e.rateByIP, from); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []byte("[]")
	}
	if e.decode(args, frame) {
		return nil
	}
	s.metrics.Slow.Inc()
	return s.validator.Arguments(e.spec.Path, args, func(args []byte) error { return e.parse(args, frame) })
}

// arguments reads the arguments of a subscription. The decoder accepts them, or the schema.
func (s *Server) arguments(entry string, args []byte, decode func([]byte) (any, bool), parse func([]byte) (any, error)) (_ any, err error) {
	defer store.Recover(&err)
	if len(args) == 0 {
		args = []byte("[]")
	}
	if a, ok := decode(args); ok {
		return a, nil
	}
	s.metrics.Slow.Inc()
	var a any
	err = s.validator.Arguments(entry, args, func(args []byte) (err error) {
		a, err = parse(args)
		return err
	})
	return a, err
}
