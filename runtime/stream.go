package runtime

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/value"
)

// Stream is a live query as a stream. A is the type of its decoded arguments.
type Stream[A any] struct {
	Name     string
	RateByIP []Rate
	Query    *relation.Query
	Decode   func(d *value.Decoder) A

	// Open runs guards, access and gate, and returns the parameters of the query. It returns ErrGate if the gate is closed.
	Open func(c *Call, a *A) ([]relation.Value, error)

	Lifecycle Lifecycle[A]
}

// AddStream registers a live stream.
func AddStream[A any](r *Registry, s Stream[A]) {
	register(r.streams, "stream", s.Name, &catalog.Stream{
		Name: s.Name, Kind: catalog.Live, Schema: s.Name, Mode: Read, RateByIP: s.RateByIP, Query: s.Query,
		Decode: argumentsFast(s.Decode), Parse: argumentsValidated(s.Decode),
		Open: func(in *invoke.Invocation, args any) (catalog.View, error) {
			params, err := s.Open(callOf(in), args.(*A))
			return catalog.View{Params: params}, err
		},
		Lifecycle: lifecycleOf(s.Lifecycle),
	})
}
