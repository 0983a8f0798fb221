package runtime

import (
	"time"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/internal/room"

	"github.com/livec-lang/livec/runtime/contract"
	"github.com/livec-lang/livec/runtime/internal/feed"
	"github.com/livec-lang/livec/runtime/internal/invoke"
)

// Room is data, presence and cursors under one access. A are its decoded arguments. Its parts are streams named module/room.data, module/room.presence and module/room.cursors, with the
// room's arguments; its actions are rpcs named module/room.action.
//
// Who subscribes to any part is in the room: with all connections of a user and all their subscriptions as one member, whose entry is there from the first to the last and Options.Grace longer.
type Room[A any] struct {
	Name     string // module/room
	Mode     Mode   // of Open, Data.Open and Presence.Value: Pure or Read
	RateByIP []Rate // of moving the cursor and changing the presence
	Rates    []Rate // the same, by user
	Decode   func(args []byte) (A, bool)
	Parse    func(args []byte) (A, error)

	// Open runs guards and access, for every part, and names the room: a JSON array of its arguments as they are encoded.
	Open func(c *Call, a *A) (topic []byte, err error)

	Data     *RoomData[A] // nil for none, or where it is registered as a Derived named module/room.data
	Presence *Presence[A] // nil for none
	Cursors  *Cursors     // nil for none

	Lifecycle Lifecycle[A] // of being in the room: once for each connection
}

// RoomData is the data of a room that is a live query.
type RoomData[A any] struct {
	Query *relation.Query
	// Open gives the parameters of the query. It runs after the Open of the room.
	Open func(c *Call, a *A) ([]relation.Value, error)
}

// Presence is who is in a room.
type Presence[A any] struct {
	// Value appends the caller's entry: a JSON object without the member key. It runs again when what it read has changed.
	Value func(c *Call, a *A, dst []byte) ([]byte, error)
	// Entry reads what a client makes of its own entry; nil: it cannot. The schema that judges it is `presence.entry` of the contract.
	Entry *Entry
}

// Cursors is where everybody in a room points. A cursor goes with the connection that moved it.
type Cursors struct {
	Entry    *Entry        // the schema that judges it is `cursors.entry` of the contract
	Throttle time.Duration // at most one event in this time; 50 ms unless set
}

// defaultThrottle is Cursors.Throttle where it is not set.
const defaultThrottle = 50 * time.Millisecond

// AddRoom registers a room.
func AddRoom[A any](r *Registry, own Room[A]) {
	e := &roomEntry{spec: room.Spec{Name: own.Name}, lifecycle: lifecycleOf(own.Lifecycle)}
	open := func(in *invoke.Invocation, args any) (place, error) {
		c := callOf(in)
		t, err := own.Open(c, args.(*A))
		if err != nil {
			return place{}, err
		}
		p := place{topic: topicOf(t), room: topicOf(t)}
		if own.Presence != nil && own.Presence.Value != nil {
			p.presence, err = own.Presence.Value(c, args.(*A), nil)
		}
		return p, err
	}
	e.mode, e.open = own.Mode, open
	part := func(name string) *streamEntry {
		s := &streamEntry{name: own.Name + name, judge: own.Name, mode: own.Mode, decode: decoder(own.Decode), parse: parser(own.Parse), open: open, room: e}
		r.streams[s.name] = s
		return s
	}
	publishes := func(entry *Entry, judge string) *publisher {
		if entry == nil {
			return nil
		}
		return &publisher{entry: entry, judge: judge, rateByIP: own.RateByIP, rates: own.Rates}
	}
	if d := own.Data; d != nil {
		s := part(contract.DataPart)
		s.query, s.source = d.Query, openLive
		s.open = func(in *invoke.Invocation, args any) (place, error) {
			p, err := open(in, args)
			if err != nil {
				return p, err
			}
			p.params, err = d.Open(callOf(in), args.(*A))
			return p, err
		}
	}
	if p := own.Presence; p != nil {
		s := part(contract.PresencePart)
		s.source, s.feed = openKept, &feed.Spec{Rule: Merge{Kind: MergePresence}, Keeps: true}
		e.spec.Presence = s.feed
		s.publisher = publishes(p.Entry, s.name)
	}
	if cu := own.Cursors; cu != nil {
		s := part(contract.CursorsPart)
		throttle := cu.Throttle
		if throttle <= 0 {
			throttle = defaultThrottle
		}
		s.source, s.feed = openKept, &feed.Spec{Rule: Merge{Kind: MergeCursor}, Keeps: true, Throttle: throttle}
		s.publisher = publishes(cu.Entry, s.name)
	}
	r.rooms[own.Name] = e
}

// roomEntry is what the parts of a room have in common.
type roomEntry struct {
	spec      room.Spec
	mode      Mode // of open
	open      func(in *invoke.Invocation, args any) (place, error)
	lifecycle *lifecycle
}

// adopt makes a derived stream the data of the room: who subscribes to it is in the room.
func (e *roomEntry) adopt(data *streamEntry) {
	own := data.open
	data.room, data.mode = e, max(data.mode, e.mode)
	data.open = func(in *invoke.Invocation, args any) (place, error) {
		room, err := e.open(in, args)
		if err != nil {
			return place{}, err
		}
		p, err := own(in, args)
		p.room, p.presence = room.room, room.presence
		return p, err
	}
}
