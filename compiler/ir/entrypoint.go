package ir

import "fmt"

// EntryPoint is a declaration that is reached from outside of the server: called, subscribed to, or received. EntryPoints
// enumerates those of a module. A reader that treats kinds differently switches over the type, and its default case panics
// with UnknownEntryPoint.
type EntryPoint interface {
	// Head is what all kinds have in common.
	Head() Head
	// Members are the entry points inside of this one: those of a room.
	Members() []EntryPoint
	isEntryPoint()
}

// EntryKind is a kind of entry point, named by its keyword.
type EntryKind string

// The kinds.
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
	Result Type    // what a call gives, or what a subscriber holds; nil where there is no such value
	Access *Access // nil for a signal: nobody calls it
	Rates  []Rate
}

// Path is the name of the entry point in the protocol: module/name.
func (h Head) Path() string { return h.Module + "/" + h.Name }

// Head is what an rpc has in common with other entry points.
func (x *RPC) Head() Head {
	return Head{RPCKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Result, &x.Access, x.Rates}
}

// Head is what a stream has in common with other entry points.
func (x *Stream) Head() Head {
	return Head{StreamKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Value, &x.Access, x.Rates}
}

// Head is what a channel has in common with other entry points.
func (x *Channel) Head() Head {
	return Head{ChannelKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, x.Value, &x.Access, x.Rates}
}

// Head is what a room has in common with other entry points.
func (x *Room) Head() Head {
	return Head{RoomKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, nil, &x.Access, x.Rates}
}

// Head is what a signal has in common with other entry points.
func (x *Signal) Head() Head {
	return Head{SignalKind, x.Pos, x.Module, x.Name, x.Doc, x.Params, nil, nil, nil}
}

// Members is nothing.
func (*RPC) Members() []EntryPoint { return nil }

// Members is nothing.
func (*Stream) Members() []EntryPoint { return nil }

// Members is nothing.
func (*Channel) Members() []EntryPoint { return nil }

// Members is nothing.
func (*Signal) Members() []EntryPoint { return nil }

// Members are the data of the room and its actions.
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

// EntryPoints are the entry points that the module declares, by kind and then in source order. Those inside of a room are its
// Members.
func (m *Module) EntryPoints() []EntryPoint {
	all := points(m.Streams)
	all = append(all, points(m.Channels)...)
	all = append(all, points(m.RPCs)...)
	all = append(all, points(m.Rooms)...)
	return append(all, points(m.Signals)...)
}

// AllEntryPoints are the entry points of the module, each followed by its members.
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

// UnknownEntryPoint is what a reader panics with that does not know a kind of entry point.
func UnknownEntryPoint(e EntryPoint) string {
	return fmt.Sprintf("an entry point of unknown kind: %T %s", e, e.Head().Path())
}
