package runtime

import (
	"sync"
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/value"
)

// RPC is an rpc of the app or an action of a room. A is the type of its decoded arguments, R that of its result.
type RPC[A, R any] struct {
	Name     string // module/name, or module/room.name
	Mode     Mode
	Session  bool          // starts or ends a session: served over HTTP
	External bool          // calls extern functions, which may be slow. One that writes holds up all other writes, for Timeout at most
	Timeout  time.Duration // default: 30 s
	RateByIP []Rate
	MaxBytes int // bytes that its parameter of bytes takes, if that is more than Settings.MaxPayload; else 0

	// Decode reads the JSON array of arguments, with all refinements. A decoder in fast mode may refuse what is valid: JSON Schema then
	// validates the same bytes, and Decode reads what the schema has accepted.
	Decode func(d *value.Decoder) A

	// Call is the generated function: guards, access, rates by user, body.
	Call func(c *Call, a *A) (R, error)

	// Encode appends the result as JSON; nil for an rpc without a result.
	Encode func(dst []byte, r *R) []byte
}

// AddRPC registers an rpc.
func AddRPC[A, R any](r *Registry, rpc RPC[A, R]) {
	register(r.rpcs, "rpc", rpc.Name, &catalog.RPC{
		Spec:     invoke.Spec{Path: rpc.Name, Mode: rpc.Mode, Timeout: rpc.Timeout, External: rpc.External, Session: rpc.Session},
		RateByIP: rpc.RateByIP, MaxBytes: rpc.MaxBytes,
		NewFrame: func() any { return new(frame[A, R]) }, Pool: &sync.Pool{},
		Decode: func(args []byte, into any) bool {
			r := into.(*frame[A, R])
			r.decoder = value.Fast(args)
			r.args = rpc.Decode(&r.decoder)
			return r.decoder.OK()
		},
		Parse: func(args []byte, into any) (err error) {
			r := into.(*frame[A, R])
			r.args, err = decodeValidated(rpc.Decode, args)
			return err
		},
		Call: func(in *invoke.Invocation, into any, dst []byte) (_ []byte, err error) {
			r := into.(*frame[A, R])
			if r.result, err = rpc.Call(callOf(in), &r.args); err != nil {
				return nil, err
			}
			if rpc.Encode == nil {
				return append(dst, "null"...), nil
			}
			return rpc.Encode(dst, &r.result), nil
		},
	})
}

// frame is where a call has its decoder, its arguments and its result, so that none of them is allocated for each call.
type frame[A, R any] struct {
	decoder value.Decoder
	args    A
	result  R
}
