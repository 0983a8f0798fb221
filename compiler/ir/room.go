package ir

import "time"

// Room is data, presence, cursors and actions under one access. Its parameters lead those of every member.
type Room struct {
	Pos           Pos
	Module        string
	Name          string
	Doc           []string
	Params        []*Var
	Access        Access
	Rates         []Rate
	Data          *Stream // a live or derived stream named room.data; nil where the room has none
	Presence      *Presence
	Cursors       *Cursors
	Actions       []*RPC // named room.action; their Params begin with the room's, their Access is the room's and then their own
	OnSubscribe   *Block
	OnUnsubscribe *Block
}

// Presence is who is in a room: one member for each user.
type Presence struct {
	Pos      Pos
	Declared Type    // of Value: a member without `key`
	Member   *Record // with the field `key` in front
	Value    Expr    // of the caller, over the room's parameters and ctx
	Revealed bool    // `reveal(…)` stands around the value, as in Publish
	Writable bool    // the client may change its own member
}

// Cursors is where everybody in a room points.
type Cursors struct {
	Pos      Pos
	Declared Type    // what a client sends
	Cursor   *Record // with the field `key` in front
	Throttle time.Duration
}
