package ast

// Signal is a message to one user:
//
//	signal callOffer(offer: json)
type Signal struct {
	Head
	Params []*Param
}

// Keyword implements Decl.
func (*Signal) Keyword() string { return "signal" }
