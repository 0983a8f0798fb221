package runtime

import (
	"context"
	"time"

	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/topic"
)

// Channel is a stream without a body: its state is what was published, and lives in memory for as long as anybody subscribes or an entry lives. A are its decoded arguments.
type Channel[A any] struct {
	Name     string // module/name
	Mode     Mode   // of Open and Writers: Pure or Read
	RateByIP []Rate // of what clients publish
	Rates    []Rate // of what clients publish: by user
	Merge    Merge
	Expire   time.Duration // an entry goes when it was not published again for this long; never unless set
	Decode   func(args []byte) (A, bool)
	Parse    func(args []byte) (A, error)

	// Open is as in Published. The topic of a channel is its arguments.
	Open func(c *Call, a *A) (topic []byte, err error)

	// Entry reads what clients publish; nil: only calls do. The schema that judges it is `entry` of the contract. Entries of merge crud, presence and cursor are stamped with the publisher's
	// key, in the member that the merge names, and go when the publisher has left.
	Entry *Entry

	// Writers runs the guards that writers pass besides those of Open; nil for none.
	Writers func(c *Call, a *A) error

	// Limit counts a publish for rates by an expression, with Call.Limit; nil for none. The call has no transaction.
	Limit func(c *Call, a *A) error

	Lifecycle Lifecycle[A]
}

// cursorPace is the least time between the events of cursors that no room paces: that of a screen that shows 60 pictures a second.
const cursorPace = time.Second / 60

// AddChannel registers a channel.
func AddChannel[A any](r *Registry, c Channel[A]) {
	e := &streamEntry{
		name: c.Name, judge: c.Name, mode: c.Mode,
		decode: decoder(c.Decode), parse: parser(c.Parse),
		open: func(in *invoke.Invocation, args any) (place, error) {
			t, err := c.Open(callOf(in), args.(*A))
			return place{topic: topicOf(t)}, err
		},
		source:    openKept,
		feed:      &feed.Spec{Rule: c.Merge, Keeps: true, Lasting: true, Expire: c.Expire},
		lifecycle: lifecycleOf(c.Lifecycle),
	}
	if c.Merge.Kind == MergeCursor {
		e.feed.Throttle = cursorPace
	}
	if c.Entry != nil {
		e.publisher = &publisher{entry: c.Entry, judge: c.Name, rateByIP: c.RateByIP, rates: c.Rates}
		if c.Writers != nil {
			e.publisher.check = func(in *invoke.Invocation, args any) error { return c.Writers(callOf(in), args.(*A)) }
		}
		if c.Limit != nil {
			e.publisher.limit = func(in *invoke.Invocation, args any) error { return c.Limit(callOf(in), args.(*A)) }
		}
	}
	r.streams[c.Name] = e
}

// kept is the source of what is kept in memory: a channel, or the presence or the cursors of a room.
type kept struct {
	server *Server
	feed   *feed.Feed
	lasts  bool // calls publish to it when nobody follows
}

func openKept(s *Server, o *opening) (source, error) {
	f, err := s.feeds.Hold(o.ctx, o.feedKey(), o.entry.feed)
	if err != nil {
		return nil, err
	}
	return &kept{s, f, o.entry.feed.Lasting}, nil
}

func (k *kept) Attach(dst []byte, since uint64) ([]byte, *topic.Topic, uint64, bool, error) {
	if since > 0 && k.lasts {
		k.server.runner.Settled(k.server.ctx) // what calls have published up to then
	}
	value, seq := k.feed.Value(dst)
	return value, k.feed.Topic(), seq, false, nil
}

func (k *kept) Topic() *topic.Topic        { return k.feed.Topic() }
func (k *kept) More(context.Context) error { return nil }
func (k *kept) Release()                   { k.server.feeds.Release(k.feed) }
