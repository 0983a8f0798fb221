package ast

// RPC is a callable entry point:
//
//	rpc send(room: string, text: string(1..500)) -> Message guard signedIn { … }
type RPC struct {
	Head
	Params  []*Param
	Result  Type // nil if there is none
	Clauses []Clause
	Body    *Block
}

// Keyword implements Decl.
func (*RPC) Keyword() string { return "rpc" }
