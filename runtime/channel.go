package runtime

import (
	"time"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/value"
)

// Channel is a stream without a body. Its state is what was published. It lives in memory, for as long as anybody subscribes or one of its
// items has not expired. A is the type of its decoded arguments.
type Channel[A any] struct {
	Name     string // of Open and Writers: Pure or Read
	Mode     Mode   // limits what clients publish, by address
	RateByIP []Rate // limits what clients publish, by user
	Rates    []Rate // of what clients publish: by user
	Merge    Merge
	Expire   time.Duration // an entry that is not published again for this long is removed; 0: never
	Decode   func(d *value.Decoder) A

	// Open is as in Published. The topic of a channel is its arguments.
	Open func(c *Call, a *A) (topic []byte, err error)

	// Event reads what clients publish; nil: only calls publish. The schema `event` of the contract validates it. With the merges presence and
	// cursor the server writes the key of the publisher into each item, and removes the item when its publisher leaves.
	Event *Event

	// Writers runs the guards of publishers, after those of Open; nil for none.
	Writers func(c *Call, a *A) error

	// Limit counts a publish for rates by an expression, with Call.Limit; nil for none. The call has no transaction.
	Limit func(c *Call, a *A) error

	Lifecycle Lifecycle[A]
}

// cursorPace is the least time between events of cursors outside of rooms: one frame of a screen at 60 Hz.
const cursorPace = time.Second / 60

// AddChannel registers a channel.
func AddChannel[A any](r *Registry, c Channel[A]) {
	e := &catalog.Stream{
		Name: c.Name, Kind: catalog.Kept, Schema: c.Name, Mode: c.Mode,
		Decode: argumentsFast(c.Decode), Parse: argumentsValidated(c.Decode),
		Open: func(in *invoke.Invocation, args any) (catalog.View, error) {
			t, err := c.Open(callOf(in), args.(*A))
			return catalog.View{Topic: topicOf(t)}, err
		},
		Feed:      &feed.Spec{Rule: c.Merge, Keeps: true, Lasting: true, Expire: c.Expire},
		Lifecycle: lifecycleOf(c.Lifecycle),
	}
	if c.Merge.Kind == MergeCursor {
		e.Feed.Throttle = cursorPace
	}
	if c.Event != nil {
		e.Publisher = c.Event.publisher(c.Name, c.RateByIP, c.Rates)
		if c.Writers != nil {
			e.Publisher.Check = func(in *invoke.Invocation, args any) error { return c.Writers(callOf(in), args.(*A)) }
		}
		if c.Limit != nil {
			e.Publisher.Limit = func(in *invoke.Invocation, args any) error { return c.Limit(callOf(in), args.(*A)) }
		}
	}
	register(r.streams, "channel", c.Name, e)
}
