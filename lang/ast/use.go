package ast

// Use brings names of another module in:
//
//	use rooms/lobby { Lobby, join }
type Use struct {
	Head
	Module Ident // rooms/lobby
	Names  []Ident
}

// Keyword implements Decl.
func (*Use) Keyword() string { return "use" }
