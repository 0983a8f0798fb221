package runtime

import (
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/internal/room"
	"github.com/livec-lang/livec/runtime/value"
)

// Room is data, presence and cursors with common access rules. Its parts are streams named module/room.data, module/room.presence and
// module/room.cursors, with the room's arguments; its actions are rpcs named module/room.action. A is the type of its decoded arguments.
//
// A subscriber to a part is in the room. All connections of a user, with all their subscriptions, are one member, who is shown from the
// first subscription to the last and for Options.Grace after it.
type Room[A any] struct {
	Name     string // module/room
	Mode     Mode   // of Open, Data.Open and Presence.Value: Pure or Read
	RateByIP []Rate // limits cursor moves and presence changes, by address
	Rates    []Rate // limits cursor moves and presence changes, by user
	Decode   func(d *value.Decoder) A

	// Open runs guards and access, for every part, and names the room: a JSON array of its encoded arguments.
	Open func(c *Call, a *A) (topic []byte, err error)

	Data     *RoomData[A] // nil for none, or if it is registered as a Derived named module/room.data
	Presence *Presence[A] // nil for none
	Cursors  *Cursors     // nil for none

	Lifecycle Lifecycle[A] // of being in the room, once for each connection
}

// RoomData is the data of a room, if it is a live query.
type RoomData[A any] struct {
	Query *relation.Query
	// Open returns the parameters of the query. It runs after the Open of the room.
	Open func(c *Call, a *A) ([]relation.Value, error)
}

// Presence is the members of a room.
type Presence[A any] struct {
	// Value appends what the server shows of the caller: a JSON object without the member key. It runs again when what it has read changes.
	Value func(c *Call, a *A, dst []byte) ([]byte, error)
	// Event reads what a client shows of itself instead; nil: it cannot. The schema `presence.event` of the contract validates it.
	Event *Event
}

// Cursors are the cursors of the connections in a room. A cursor is removed with the connection that has moved it.
type Cursors struct {
	Event    *Event        // the schema `cursors.event` of the contract validates it
	Throttle time.Duration // at most one event in this time; 50 ms
}

// defaultThrottle is the default of Cursors.Throttle.
const defaultThrottle = 50 * time.Millisecond

// AddRoom registers a room.
func AddRoom[A any](r *Registry, own Room[A]) {
	e := &catalog.Room{Spec: room.Spec{Name: own.Name}, Lifecycle: lifecycleOf(own.Lifecycle)}
	open := func(in *invoke.Invocation, args any) (catalog.View, error) {
		c := callOf(in)
		t, err := own.Open(c, args.(*A))
		if err != nil {
			return catalog.View{}, err
		}
		p := catalog.View{Topic: topicOf(t), Room: topicOf(t)}
		if own.Presence != nil && own.Presence.Value != nil {
			p.Info, err = own.Presence.Value(c, args.(*A), nil)
		}
		return p, err
	}
	e.Mode, e.Open = own.Mode, open
	part := func(name string) *catalog.Stream {
		s := &catalog.Stream{
			Name: own.Name + name, Kind: catalog.Kept, Schema: own.Name, Mode: own.Mode,
			Decode: argumentsFast(own.Decode), Parse: argumentsValidated(own.Decode), Open: open, Room: e,
		}
		register(r.streams, "part", s.Name, s)
		return s
	}
	if d := own.Data; d != nil {
		s := part(contract.DataPart)
		s.Kind, s.Query = catalog.Live, d.Query
		s.Open = func(in *invoke.Invocation, args any) (catalog.View, error) {
			p, err := open(in, args)
			if err != nil {
				return p, err
			}
			p.Params, err = d.Open(callOf(in), args.(*A))
			return p, err
		}
	}
	if p := own.Presence; p != nil {
		s := part(contract.PresencePart)
		s.Feed = &feed.Spec{Rule: Merge{Kind: MergePresence}, Keeps: true}
		e.Presence = s.Feed
		s.Publisher = p.Event.publisher(s.Name, own.RateByIP, own.Rates)
	}
	if cu := own.Cursors; cu != nil {
		s := part(contract.CursorsPart)
		throttle := cu.Throttle
		if throttle <= 0 {
			throttle = defaultThrottle
		}
		s.Feed = &feed.Spec{Rule: Merge{Kind: MergeCursor}, Keeps: true, Throttle: throttle}
		s.Publisher = cu.Event.publisher(s.Name, own.RateByIP, own.Rates)
	}
	register(r.rooms, "room", own.Name, e)
}
