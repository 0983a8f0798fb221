package ast

// Stream is a live stream (Query), or a derived or published one (Body):
//
//	stream messages(room: string) public = Message | filter .room == room
//	stream stats -> { users: int } public merge set { return … }
type Stream struct {
	Head
	Params  []*Param
	Result  Type // nil: as the query or body gives
	Clauses []Clause
	Query   Expr
	Body    *Block
}

// Keyword is part of Decl.
func (*Stream) Keyword() string { return "stream" }
