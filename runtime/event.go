package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/value"
)

// Event reads what a client publishes: an event of a channel, a cursor, a presence. EventOf makes one.
type Event struct {
	decode func(v []byte) ([]byte, bool)
	parse  func(v []byte) ([]byte, error)
}

// EventOf makes the Event of a type E from its generated functions: decode reads it, as RPC.Decode reads arguments; encode appends the JSON
// that others get. The server adds the key: E has no member for it.
func EventOf[E any](decode func(d *value.Decoder) E, encode func(dst []byte, e *E) []byte) *Event {
	return &Event{
		decode: func(v []byte) ([]byte, bool) {
			e, ok := decodeFast(decode, v)
			if !ok {
				return nil, false
			}
			return encode(make([]byte, 0, len(v)+feed.KeyRoom), &e), true
		},
		parse: func(v []byte) ([]byte, error) {
			e, err := decodeValidated(decode, v)
			if err != nil {
				return nil, err
			}
			return encode(make([]byte, 0, len(v)+feed.KeyRoom), &e), nil
		},
	}
}

// publisher describes how clients publish to an entry point or a part of a room. name is its name, and that of its schema. It returns nil
// if e is nil.
func (e *Event) publisher(name string, rateByIP, rates []Rate) *catalog.Publisher {
	if e == nil {
		return nil
	}
	return &catalog.Publisher{Schema: name, Decode: e.decode, Parse: e.parse, RateByIP: rateByIP, Rates: rates}
}
