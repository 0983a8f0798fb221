package ir

import "fmt"

// EntryPoint is a declaration that is reached from outside of the server: called, subscribed to, or received.
// Module.EntryPoints lists those of a module. Code that treats the kinds differently switches over the type; its default
// case panics with UnknownEntryPoint.
type EntryPoint interface {
	// Head returns what all kinds have in common.
	Head() Head
	// Members returns the entry points inside of this one. Only rooms have any.
	Members() []EntryPoint
	isEntryPoint()
}

// EntryKind is a kind of entry point, named by its keyword.
type EntryKind string

// The kinds of entry points.
const (
	RPCKind     EntryKind = "rpc"
	StreamKind  EntryKind = "stream"
	ChannelKind EntryKind = "channel"
	RoomKind    EntryKind = "room"
	SignalKind  EntryKind = "signal"
)

// Head is what all kinds of entry points have in common.
type Head struct {
	Kind   EntryKind
	Pos    Pos
	Module string
	Name   string // a member of a room is room.member
	Doc    []string
	Params []*Var
	Result Type    // what a call returns, or what a subscriber holds; nil if there is no such value
	Access *Access // nil for a signal, since nobody calls it
	Rates  []Rate
}

// Path returns the name of the entry point in the protocol: module/name.
func (h Head) Path() string { return h.Module + "/" + h.Name }

// Head returns what the rpc has in common with other entry points.
func (x *RPC) Head() Head {
	return Head{RPCKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Result, &x.Access, x.Rates}
}

// Head returns what the stream has in common with other entry points.
func (x *Stream) Head() Head {
	return Head{StreamKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Value, &x.Access, x.Rates}
}

// Head returns what the channel has in common with other entry points.
func (x *Channel) Head() Head {
	return Head{ChannelKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Value, &x.Access, x.Rates}
}

// Head returns what the room has in common with other entry points.
func (x *Room) Head() Head {
	return Head{RoomKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, nil, &x.Access, x.Rates}
}

// Head returns what the signal has in common with other entry points.
func (x *Signal) Head() Head {
	return Head{SignalKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, nil, nil, nil}
}

// Members returns nil: an rpc has no members.
func (*RPC) Members() []EntryPoint { return nil }

// Members returns nil: a stream has no members.
func (*Stream) Members() []EntryPoint { return nil }

// Members returns nil: a channel has no members.
func (*Channel) Members() []EntryPoint { return nil }

// Members returns nil: a signal has no members.
func (*Signal) Members() []EntryPoint { return nil }

// Members returns the data of the room and its actions.
func (x *Room) Members() []EntryPoint {
	var all []EntryPoint
	if x.Data != nil {
		all = append(all, x.Data)
	}
	return append(all, points(x.Actions)...)
}

func (*RPC) isEntryPoint()     {}
func (*Stream) isEntryPoint()  {}
func (*Channel) isEntryPoint() {}
func (*Room) isEntryPoint()    {}
func (*Signal) isEntryPoint()  {}

// EntryPoints returns the entry points that the module declares, by kind and then in source order. It leaves out the members
// of rooms; see Members.
func (m *Module) EntryPoints() []EntryPoint {
	all := points(m.Streams)
	all = append(all, points(m.Channels)...)
	all = append(all, points(m.RPCs)...)
	all = append(all, points(m.Rooms)...)
	return append(all, points(m.Signals)...)
}

// AllEntryPoints returns the entry points of the module, each followed by its members.
func (m *Module) AllEntryPoints() []EntryPoint {
	var all []EntryPoint
	for _, e := range m.EntryPoints() {
		all = append(append(all, e), e.Members()...)
	}
	return all
}

func points[E EntryPoint](of []E) []EntryPoint {
	all := make([]EntryPoint, len(of))
	for i, e := range of {
		all[i] = e
	}
	return all
}

// UnknownEntryPoint returns the message for a panic about a kind of entry point that the caller does not know.
func UnknownEntryPoint(e EntryPoint) string {
	return fmt.Sprintf("an entry point of unknown kind: %T %s", e, e.Head().Path())
}
