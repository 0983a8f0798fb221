package runtime

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/derive"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/value"
)

// Derived is a stream whose value is computed again when its sources change. Subscribers with the same topic share the value. A is the type
// of its decoded arguments.
type Derived[A any] struct {
	Name     string // module/name, or module/room.data
	Schema   string // the entry point of the contract whose schema validates the arguments; default: Name
	Mode     Mode   // of Open and Compute: Pure or Read
	RateByIP []Rate
	Debounce time.Duration // computes after this time without a change; 0: at once
	Decode   func(d *value.Decoder) A

	// Open runs guards, access and gate as in Published. It returns the hidden parameters, and the topic: a JSON array of the arguments,
	// followed by value.Digest of the hidden parameters. So callers with the same topic have the same arguments and hidden parameters.
	Open func(c *Call, a *A) (topic []byte, hidden Hidden, err error)

	// Compute appends the value as JSON. It must be the same for all callers with the same topic: c has the hidden parameters, but no
	// request and no session. If it fails, the last value stays and the error hook gets the error; an error of the first computation ends
	// the subscription. After an error that may pass, such as OVERLOADED, TIMEOUT or UNAVAILABLE, the value is computed again after a
	// while.
	Compute func(c *Call, a *A, dst []byte) ([]byte, error)

	// Tables and Streams are the sources that `on` names: tables, and streams and channels, by module/name, with all their topics. If there
	// are none, the sources are what Compute has read.
	Tables  []*relation.Table
	Streams []string

	Lifecycle Lifecycle[A]
}

// Hidden are the hidden parameters of a derived stream: whatever its body reads of the caller, directly or through functions and policies.
// Fields that it does not read are left at their zero values, so no computation can use a value that is not part of the topic.
type Hidden struct {
	User  any    // ctx.user
	IP    string // ctx.ip
	Added any    // what guards have added to ctx, in the form of generated code; Call.Added returns it
}

// Added returns Hidden.Added in the computation of a derived stream, and nil elsewhere.
func (c *Call) Added() any { return c.in.Hidden }

// AddDerived registers a derived stream.
func AddDerived[A any](r *Registry, s Derived[A]) {
	e := &catalog.Stream{
		Name: s.Name, Kind: catalog.Derived, Schema: s.Name, Mode: s.Mode, RateByIP: s.RateByIP,
		Decode: argumentsFast(s.Decode), Parse: argumentsValidated(s.Decode),
		Open: func(in *invoke.Invocation, args any) (catalog.View, error) {
			t, hidden, err := s.Open(callOf(in), args.(*A))
			return catalog.View{Topic: brief(t), Hidden: catalog.Hidden(hidden)}, err
		},
		First: func(in *invoke.Invocation, args any, dst []byte) ([]byte, error) {
			return s.Compute(callOf(in), args.(*A), dst)
		},
		Derive:    &derive.Spec{Debounce: s.Debounce, Tables: s.Tables, Streams: s.Streams},
		Lifecycle: lifecycleOf(s.Lifecycle),
	}
	if s.Schema != "" {
		e.Schema = s.Schema
	}
	if s.Mode == Pure {
		e.Derive.Tables = nil // a stream that reads no table does not change with one
	}
	register(r.streams, "stream", s.Name, e)
}

// maxTopic is the length in bytes up to which the topic of a derived stream is kept as it is. A longer one is replaced by its digest, so
// that large arguments and users are not kept twice.
const maxTopic = 512

// brief is topicOf, or its SHA-256 (FIPS 180-4) if that is long. No topic starts like a digest, since all are arrays.
func brief(b []byte) string {
	if len(b) <= maxTopic {
		return topicOf(b)
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}
