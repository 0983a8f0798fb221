package ast

// Channel is a stream without stored state:
//
//	channel typing(room: string) -> { name: string } guard signedIn writable merge presence expire 3s
type Channel struct {
	Head
	Params  []*Param
	Result  Type
	Clauses []Clause
}

// Keyword implements Decl.
func (*Channel) Keyword() string { return "channel" }
