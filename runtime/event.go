package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
)

// Event reads what a client publishes: an event of a channel, its cursor, its presence. EventOf makes one.
type Event struct {
	decode func(v []byte) ([]byte, bool)
	parse  func(v []byte) ([]byte, error)
}

// EventOf makes the Event of a type E from its generated functions: decode is the fast path, which may refuse what is valid. JSON Schema
// validates what it refuses, and parse then reads what the schema has accepted, as in RPC. encode appends the JSON that others get. The
// server adds the key: E has no member for it.
func EventOf[E any](decode func(v []byte) (E, bool), parse func(v []byte) (E, error), encode func(dst []byte, e *E) []byte) *Event {
	return &Event{
		decode: func(v []byte) ([]byte, bool) {
			e, ok := decode(v)
			if !ok {
				return nil, false
			}
			return encode(make([]byte, 0, len(v)+feed.KeyRoom), &e), true
		},
		parse: func(v []byte) ([]byte, error) {
			e, err := parse(v)
			if err != nil {
				return nil, err
			}
			return encode(make([]byte, 0, len(v)+feed.KeyRoom), &e), nil
		},
	}
}

// publisher describes how clients publish what e reads, to the entry point or part whose name is that of its schema too; nil without e.
func (e *Event) publisher(name string, rateByIP, rates []Rate) *catalog.Publisher {
	if e == nil {
		return nil
	}
	return &catalog.Publisher{Schema: name, Decode: e.decode, Parse: e.parse, RateByIP: rateByIP, Rates: rates}
}
