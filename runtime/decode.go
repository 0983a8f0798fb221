package runtime

import (
	"sync"

	"github.com/livec-lang/livec/runtime/value"
)

// decoders are kept for the next call: one that is passed to a function it does not know cannot be on the stack.
var decoders = sync.Pool{New: func() any { return new(value.Decoder) }}

// Fast makes the fast path of a generated decoder, such as RPC.Decode: it takes JSON in plain form, and refuses what it is not sure of.
func Fast[A any](decode func(*value.Decoder) A) func(args []byte) (A, bool) {
	return func(args []byte) (A, bool) {
		d := decoders.Get().(*value.Decoder)
		*d = value.Fast(args)
		a := decode(d)
		ok := d.OK()
		*d = value.Decoder{}
		decoders.Put(d)
		return a, ok
	}
}

// Validated makes of a generated decoder what reads arguments that the schema has accepted, such as RPC.Parse.
func Validated[A any](decode func(*value.Decoder) A) func(args []byte) (A, error) {
	return func(args []byte) (A, error) {
		d := value.Validated(args)
		a := decode(&d)
		return a, Unfit(d.Err())
	}
}
