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

// Derived is a stream whose value is computed again when what it was computed from changes. A is the type of its decoded arguments.
// Subscribers with the same topic share the work.
type Derived[A any] struct {
	Name     string // module/name, or module/room.data
	Schema   string // the entry point of the contract whose schema validates the arguments; Name unless set
	Mode     Mode   // of Open and Compute: Pure or Read
	RateByIP []Rate
	Debounce time.Duration // computed again after this time without a change; at once unless set
	Decode   func(d *value.Decoder) A

	// Open runs guards, access and gate as in Published. It gives the hidden parameters, and the topic: a JSON array of the arguments,
	// followed by value.Digest of the hidden parameters. So all who have the same topic have the same arguments and hidden parameters.
	Open func(c *Call, a *A) (topic []byte, hidden Hidden, err error)

	// Compute appends the value as JSON. It is the same for all who share the topic: c knows what is in Hidden, but no request and no
	// session. When it fails, the last value stays and the failure reaches the error hook; a failure of the first computation ends the
	// subscription.
	Compute func(c *Call, a *A, dst []byte) ([]byte, error)

	// Tables and Streams are the sources that `on` names: tables, and streams and channels, by module/name, with all their topics. Without
	// any, the sources are what Compute read.
	Tables  []*relation.Table
	Streams []string

	Lifecycle Lifecycle[A]
}

// Hidden are the hidden parameters of a derived stream: all that its body reads of its caller, with the functions and policies that it
// uses. What it does not read is left at its zero value, so that no computation finds what the topic does not name.
type Hidden struct {
	User  any    // ctx.user
	IP    string // ctx.ip
	Added any    // what guards have added to ctx, as generated code keeps it; Call.Added gives it
}

// Added is Hidden.Added, in the computation of a derived stream; nil elsewhere.
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
		e.Derive.Tables = nil // what it does not read changes nothing
	}
	register(r.streams, "stream", s.Name, e)
}

// maxTopic is the length in bytes up to which the topic of a derived stream is kept as it is: a longer one is named by its digest, so that
// large arguments and users are not held twice.
const maxTopic = 512

// brief is topicOf, or its SHA-256 (FIPS 180-4) where that is long. No topic begins like a digest, since all are arrays.
func brief(b []byte) string {
	if len(b) <= maxTopic {
		return topicOf(b)
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}
