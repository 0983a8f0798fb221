package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
)

// Entry reads what a client publishes of its own: an entry of a channel, a cursor, its presence. EntryOf makes one.
type Entry struct {
	decode func(v []byte) ([]byte, bool)
	parse  func(v []byte) ([]byte, error)
}

// EntryOf makes the Entry of a type E from its generated functions: decode is the fast path, which may refuse what is valid; JSON Schema judges what it refuses, and parse then reads what the schema
// accepted, as in RPC; encode appends the JSON that others are sent. The server stamps the key: E has no member for it.
func EntryOf[E any](decode func(v []byte) (E, bool), parse func(v []byte) (E, error), encode func(dst []byte, e *E) []byte) *Entry {
	return &Entry{
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
func (e *Entry) publisher(name string, rateByIP, rates []Rate) *catalog.Publisher {
	if e == nil {
		return nil
	}
	return &catalog.Publisher{Schema: name, Decode: e.decode, Parse: e.parse, RateByIP: rateByIP, Rates: rates}
}
