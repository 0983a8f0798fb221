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

// RoomPart is `data = pipeline`, `presence = record`, `presence: type = record` or `cursors: type`, with clauses after it (writable,
// throttle).
type RoomPart struct {
	At
	Doc     []string
	Name    Ident // data, presence, cursors
	Type    Type
	Value   Expr
	Clauses []Clause
}
