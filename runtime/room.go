package runtime

import (
	"time"

	"github.com/livec-lang/livec/relation"
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
