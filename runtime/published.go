package runtime

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/merge"
	"github.com/livec-lang/livec/runtime/topic"
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
// Of merge crud, latest and set each subscriber is given what First gives for it, with the events that are not yet in it. Of merge presence and cursor the server also keeps what was published, for as long
// as anybody subscribes, so that a newcomer sees who is there.
type Published[A any] struct {
	Name     string // module/name
	Mode     Mode   // of Open and First: Pure or Read
	RateByIP []Rate
	Merge    Merge
	Replay   Replay
	Decode   func(args []byte) (A, bool) // as of RPC
	Parse    func(args []byte) (A, error)

	// Open runs guards, access and gate, and names the topic: a JSON array of the arguments, each as its type is encoded. It holds nothing
	// else of the caller, since the same is given to Publish. nil stands for []. It returns ErrGate when the gate is closed.
	Open func(c *Call, a *A) (topic []byte, err error)

	// First appends the first value as JSON. nil stands for the empty list, or null of merge set.
	First func(c *Call, a *A, dst []byte) ([]byte, error)

	Lifecycle Lifecycle[A]
}

// Replay bounds the events that a returning client gets instead of the value: a Count that is kept at least, and the Age to which they
// are kept when nobody subscribes. Zero values mean the server's own bounds.
type Replay = feed.Replay

// Lifecycle is what runs when a subscriber comes and goes. Both are calls of their own, one at a time for each connection, with who subscribed as their caller; what they publish leaves
// after their commit. A failure reaches the error hook and nobody else. A gate that closes is a leaving, one that opens a coming.
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
	e := &streamEntry{
		name: s.Name, judge: s.Name, mode: s.Mode, rateByIP: s.RateByIP,
		decode: decoder(s.Decode), parse: parser(s.Parse),
		open: func(in *invoke.Invocation, args any) (place, error) {
			t, err := s.Open(callOf(in), args.(*A))
			return place{topic: topicOf(t)}, err
		},
		source:    openPublished,
		feed:      &feed.Spec{Rule: s.Merge, Replay: s.Replay},
		lifecycle: lifecycleOf(s.Lifecycle),
	}
	if s.First != nil {
		e.first = func(in *invoke.Invocation, args any, dst []byte) ([]byte, error) {
			return s.First(callOf(in), args.(*A), dst)
		}
	}
	r.streams[s.Name] = e
}

// published is the source of a published stream for one subscriber.
type published struct {
	server *Server
	opening
	feed *feed.Feed
}

func openPublished(s *Server, o *opening) (source, error) {
	f, err := s.feeds.Hold(o.ctx, o.feedKey(), o.entry.feed)
	if err != nil {
		return nil, err
	}
	return &published{server: s, opening: *o, feed: f}, nil
}

func (p *published) Topic() *topic.Topic        { return p.feed.Topic() }
func (p *published) More(context.Context) error { return nil }
func (p *published) Release()                   { p.server.feeds.Release(p.feed) }

// Attach runs the body, which sees all that was committed, and gives the first value with the events that it does not know of:
// those that were published while it was made. Which of them it knows the commits tell, since an event leaves after its
// commit.
func (p *published) Attach(dst []byte, _ uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	catchUp := p.feed.CatchUp()
	value, seen, err := p.first()
	if err != nil {
		catchUp.End()
		return nil, nil, 0, false, err
	}
	if seen > 0 {
		p.server.runner.Settled(p.ctx)
	}
	value, seq, err := catchUp.Join(dst, value, seen)
	return value, p.feed.Topic(), seq, false, err
}

// first runs the body, and tells the last commit that it has seen; 0 if it reads nothing.
func (p *published) first() (value []byte, seen uint64, err error) {
	empty := "[]"
	if p.entry.feed.Rule.Kind == merge.Set {
		empty = "null"
	}
	if p.entry.first == nil {
		return []byte(empty), 0, nil
	}
	seen, err = p.server.runner.Do(p.ctx, invoke.Request{
		Spec: p.entry.spec(), From: p.from, As: invoke.As(p.who),
		Do: func(in *invoke.Invocation) (err error) {
			value, err = p.entry.first(in, p.args, nil)
			return err
		},
	})
	return value, seen, err
}
