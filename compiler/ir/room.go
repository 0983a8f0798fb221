package ir

import "time"

// Room is data, presence, cursors and actions under one access. The parameters of every member begin with those of the room.
type Room struct {
	Pos           Pos
	Module        string
	Name          string
	Doc           []string
	Params        []*Var
	Access        Access
	Rates         []Rate
	Data          *Stream // a live or derived stream named room.data; nil if the room has none
	Presence      *Presence
	Cursors       *Cursors
	Actions       []*RPC // named room.action; their Params begin with the room's, and their Access is the room's followed by their own
	OnSubscribe   *Block
	OnUnsubscribe *Block
}

// Presence is who is in a room: one member for each user.
type Presence struct {
	Pos      Pos
	Declared Type    // the type of Value: a member without `key`
	Member   *Record // with the field `key` in front
	Value    Expr    // the caller's value, over the room's parameters and ctx
	Revealed bool    // the value is inside of `reveal(…)`; see Publish
	Writable bool    // the client may change its own member
}

// Cursors holds the pointer position of everybody in a room.
type Cursors struct {
	Pos      Pos
	Declared Type    // what a client sends
	Cursor   *Record // with the field `key` in front
	Throttle time.Duration
}
