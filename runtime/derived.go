package runtime

import (
	"time"

	"github.com/livec-lang/livec/relation"
)

// Derived is a stream whose value is computed anew when what it was computed from changes. A are its decoded arguments. Subscribers with the same topic share the work.
type Derived[A any] struct {
	Name     string // module/name, or module/room.data
	Judge    string // the entry of the contract whose schema judges the arguments; Name unless set
	Mode     Mode   // of Open and Compute: Pure or Read
	RateByIP []Rate
	Debounce time.Duration // computed anew after this time without a change; at once unless set
	Decode   func(args []byte) (A, bool)
	Parse    func(args []byte) (A, error)

	// Open is as in Published. All that Compute may give different values for is in the topic: the arguments, and the values of ctx that it and the policies of what it reads use.
	Open func(c *Call, a *A) (topic []byte, err error)

	// Compute appends the value as JSON. When it fails the last value stays and the failure reaches the error hook; the failure of the first one ends the subscription.
	Compute func(c *Call, a *A, dst []byte) ([]byte, error)

	// Tables and Streams are the sources that are named by `on`: tables, and streams and channels by module/name with all their topics. Without any, the sources are what Compute read.
	Tables  []*relation.Table
	Streams []string

	Lifecycle Lifecycle[A]
}

// AddDerived registers a derived stream.
func AddDerived[A any](r *Registry, s Derived[A]) {
	e := &streamEntry{
		name: s.Name, judge: s.Name, pure: s.Mode == Pure, rateByIP: s.RateByIP,
		decode: decoder(s.Decode), parse: parser(s.Parse),
		open: func(c *Call, args any) (place, error) {
			t, err := s.Open(c, args.(*A))
			return place{topic: topicOf(t)}, err
		},
		source:    openDerived,
		first:     func(c *Call, args any, dst []byte) ([]byte, error) { return s.Compute(c, args.(*A), dst) },
		deriving:  &deriving{debounce: s.Debounce, tables: s.Tables, streams: s.Streams},
		lifecycle: lifecycleOf(s.Lifecycle),
	}
	if s.Judge != "" {
		e.judge = s.Judge
	}
	r.streams[s.Name] = e
}
