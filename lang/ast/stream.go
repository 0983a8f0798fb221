package ast

// Stream is a live stream (Query), or a derived or published one (Body):
//
//	stream messages(room: string) public = Message | filter .room == room
//	stream stats -> { users: int } public merge set { return … }
type Stream struct {
	Head
	Params  []*Param
	Result  Type // nil: the type of the query or body
	Clauses []Clause
	Query   Expr
	Body    *Block
}

// Keyword implements Decl.
func (*Stream) Keyword() string { return "stream" }
