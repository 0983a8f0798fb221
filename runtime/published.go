package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/value"
)

// Merge says how a client puts events into the value it holds.
type Merge = merge.Rule

// The merges, for Merge.Kind.
const (
	MergeCrud     = merge.Crud
	MergeLatest   = merge.Latest
	MergeSet      = merge.Set
	MergePresence = merge.Presence
	MergeCursor   = merge.Cursor
)

// Published is a stream whose body gives the first value, while its events are published by calls. A are its decoded arguments.
//
// With the merges crud, latest and set each subscriber gets what First gives for it, with the events that are not yet in it. With presence
// and cursor the server also keeps what was published, for as long as anybody subscribes, so that a newcomer sees who is there.
type Published[A any] struct {
	Name     string // module/name
	Mode     Mode   // of Open and First: Pure or Read
	RateByIP []Rate
	Merge    Merge
	Replay   Replay
	Decode   func(d *value.Decoder) A // as of RPC

	// Open runs guards, access and gate, and names the topic: a JSON array of the arguments, each as its type is encoded, and nothing else
	// of the caller, since Publish names the same topic. nil means []. It returns ErrGate when the gate is closed.
	Open func(c *Call, a *A) (topic []byte, err error)

	// First appends the first value as JSON. Without First it is the empty list, or null with merge set.
	First func(c *Call, a *A, dst []byte) ([]byte, error)

	Lifecycle Lifecycle[A]
}

// Replay bounds the events that a returning client gets instead of the value: a Count that is kept at least, and the Age to which they
// are kept when nobody subscribes. Zero values mean the server's own bounds.
type Replay = feed.Replay

// Lifecycle is what runs when somebody has subscribed, and when they have left. Each is a call of its own with the subscriber as its
// caller, one at a time for each connection; what it publishes leaves after its commit. A failure reaches the error hook and nobody else.
// A gate that closes ends a stay, and one that opens begins one.
type Lifecycle[A any] struct {
	Mode         Mode
	Subscribed   func(c *Call, a *A) error // once the first data is sent
	Unsubscribed func(c *Call, a *A) error // once for each Subscribed, after it, however the subscription ends
}

// Pace spreads the events of a publish statement over time, for each topic, event and key, and for each caller where there is no key.
// With Throttle the first event leaves at once and then at most one in this time; with Debounce the last event leaves after this time
// without another. At most one of them is set. The last event always leaves.
type Pace = feed.Pace

// AddPublished registers a published stream.
func AddPublished[A any](r *Registry, s Published[A]) {
	e := &catalog.Stream{
		Name: s.Name, Kind: catalog.Published, Schema: s.Name, Mode: s.Mode, RateByIP: s.RateByIP,
		Decode: argumentsFast(s.Decode), Parse: argumentsValidated(s.Decode),
		Open: func(in *invoke.Invocation, args any) (catalog.View, error) {
			t, err := s.Open(callOf(in), args.(*A))
			return catalog.View{Topic: topicOf(t)}, err
		},
		Feed:      &feed.Spec{Rule: s.Merge, Replay: s.Replay},
		Lifecycle: lifecycleOf(s.Lifecycle),
	}
	if s.First != nil {
		e.First = func(in *invoke.Invocation, args any, dst []byte) ([]byte, error) {
			return s.First(callOf(in), args.(*A), dst)
		}
	}
	register(r.streams, "stream", s.Name, e)
}

// lifecycleOf is a Lifecycle without the type of its arguments.
func lifecycleOf[A any](l Lifecycle[A]) *catalog.Lifecycle {
	if l.Subscribed == nil && l.Unsubscribed == nil {
		return nil
	}
	own := &catalog.Lifecycle{Mode: l.Mode}
	if l.Subscribed != nil {
		own.Subscribed = func(in *invoke.Invocation, args any) error { return l.Subscribed(callOf(in), args.(*A)) }
	}
	if l.Unsubscribed != nil {
		own.Unsubscribed = func(in *invoke.Invocation, args any) error { return l.Unsubscribed(callOf(in), args.(*A)) }
	}
	return own
}

// topicOf is the topic that a generated function names.
func topicOf(b []byte) string {
	if len(b) == 0 {
		return "[]"
	}
	return string(b)
}
