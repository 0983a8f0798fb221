package runtime

import (
	"sync"

	"github.com/livec-lang/livec/runtime/value"
)

// decoders are reused, since a decoder that is passed to an unknown function escapes to the heap.
var decoders = sync.Pool{New: func() any { return new(value.Decoder) }}

// decodeFast reads JSON in plain form by a generated decoder, and reports whether the decoder is sure of it.
func decodeFast[A any](decode func(*value.Decoder) A, text []byte) (A, bool) {
	d := decoders.Get().(*value.Decoder)
	*d = value.Fast(text)
	a := decode(d)
	ok := d.OK()
	*d = value.Decoder{}
	decoders.Put(d)
	return a, ok
}

// decodeValidated reads JSON that the schema has accepted.
func decodeValidated[A any](decode func(*value.Decoder) A, text []byte) (A, error) {
	d := value.Validated(text)
	a := decode(&d)
	return a, unfit(d.Err())
}

// argumentsFast is decodeFast without the type of the arguments.
func argumentsFast[A any](decode func(*value.Decoder) A) func([]byte) (any, bool) {
	return func(args []byte) (any, bool) {
		a, ok := decodeFast(decode, args)
		if !ok {
			return nil, false
		}
		return &a, true
	}
}

// argumentsValidated is decodeValidated without the type of the arguments.
func argumentsValidated[A any](decode func(*value.Decoder) A) func([]byte) (any, error) {
	return func(args []byte) (any, error) {
		a, err := decodeValidated(decode, args)
		return &a, err
	}
}
