package ast

// Signal is a message to one user:
//
//	signal callOffer(offer: json)
type Signal struct {
	Head
	Params []*Param
}

// Keyword is part of Decl.
func (*Signal) Keyword() string { return "signal" }
