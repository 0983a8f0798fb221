package ast

// Room is data, presence, cursors and actions under one guard:
//
//	room board(boardId: id) guard signedIn {
//	  data     = Card | filter .board == boardId
//	  presence = { name: ctx.user.name }
//	  cursors: { x: float, y: float }
//	  rpc addCard(title: string) -> Card { … }
//	}
type Room struct {
	Head
	Params  []*Param
	Clauses []Clause
	Parts   []*RoomPart
	Actions []*RPC
	// Members are the parts and actions in source order, for the formatter.
	Members []Node
}

// Keyword implements Decl.
func (*Room) Keyword() string { return "room" }

// RoomParts are the names of the parts of a room. An rpc in it is an action, not a part.
var RoomParts = []string{"data", "presence", "cursors"}

// RoomPart is `data = pipeline`, `presence = record`, `presence: type = record` or `cursors: type`, with clauses after it (writable,
// throttle).
type RoomPart struct {
	At
	Doc     []string
	Name    Ident // one of RoomParts
	Type    Type
	Value   Expr
	Clauses []Clause
}
