package runtime

import (
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/value"
)

// Merge says how events change the value that a client has.
type Merge = merge.Rule

// The merges, for Merge.Kind.
const (
	MergeCrud     = merge.Crud
	MergeLatest   = merge.Latest
	MergeSet      = merge.Set
	MergePresence = merge.Presence
	MergeCursor   = merge.Cursor
)

// Published is a stream whose body gives the first value, and whose events calls publish. A is the type of its decoded arguments.
//
// With the merges crud, latest and set each subscriber gets the result of First, with the events that it does not include. With presence
// and cursor the server also keeps the published entries, for as long as anybody subscribes, so that new subscribers get them.
type Published[A any] struct {
	Name     string // module/name
	Mode     Mode   // of Open and First: Pure or Read
	RateByIP []Rate
	Merge    Merge
	Replay   Replay
	Decode   func(d *value.Decoder) A // as of RPC

	// Open runs guards, access and gate, and names the topic: a JSON array of the arguments, each encoded by its type, and nothing else of the
	// caller, since Publish must name the same topic. nil means []. It returns ErrGate if the gate is closed.
	Open func(c *Call, a *A) (topic []byte, err error)

	// First appends the first value as JSON. Without First it is the empty list, or null with merge set.
	First func(c *Call, a *A, dst []byte) ([]byte, error)

	Lifecycle Lifecycle[A]
}

// Replay bounds the events that a returning client gets instead of the value: the least Count of events that are kept, and the Age for
// which they are kept while nobody is subscribed. Zero values mean the bounds of the server.
type Replay = feed.Replay

// Lifecycle is what runs when somebody has subscribed, and when they have unsubscribed. Each runs as a call of its own by the subscriber,
// one at a time for each connection; what it publishes is sent after its commit. An error reaches the error hook only. A gate that closes
// ends a subscription in this sense, and a gate that opens begins one.
type Lifecycle[A any] struct {
	Mode         Mode
	External     bool                      // calls extern functions, as of RPC
	Subscribed   func(c *Call, a *A) error // once, after the first data was sent
	Unsubscribed func(c *Call, a *A) error // once for each Subscribed and after it, however the subscription ends
}

// Pace spreads the events of a publish statement over time. It applies to the events of one topic, event name and key together; if there is
// no key, to those of one caller. With Throttle the first event is sent at once and then at most one in this time; with Debounce the last
// event is sent after this time without another. At most one of them is set. The last event is always sent, and events that replace one
// another leave in the order in which they were published: of two callers who set one value, that of the later commit stays.
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
		Feed:      &feed.Spec{Rule: s.Merge, Replay: s.Replay, Over: s.First != nil},
		Lifecycle: lifecycleOf(s.Lifecycle),
	}
	if s.First != nil {
		e.First = func(in *invoke.Invocation, args any, dst []byte) ([]byte, error) {
			return s.First(callOf(in), args.(*A), dst)
		}
	}
	register(r.streams, "stream", s.Name, e)
}

// lifecycleOf removes the type of the arguments from a Lifecycle.
func lifecycleOf[A any](l Lifecycle[A]) *catalog.Lifecycle {
	if l.Subscribed == nil && l.Unsubscribed == nil {
		return nil
	}
	own := &catalog.Lifecycle{Mode: l.Mode, External: l.External}
	if l.Subscribed != nil {
		own.Subscribed = func(in *invoke.Invocation, args any) error { return l.Subscribed(callOf(in), args.(*A)) }
	}
	if l.Unsubscribed != nil {
		own.Unsubscribed = func(in *invoke.Invocation, args any) error { return l.Unsubscribed(callOf(in), args.(*A)) }
	}
	return own
}

// topicOf is the topic that a generated function has named.
func topicOf(b []byte) string {
	if len(b) == 0 {
		return "[]"
	}
	return string(b)
}
