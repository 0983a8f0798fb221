package ast

// Middleware runs around every call and subscription:
//
//	middleware timing { … next() … }
type Middleware struct {
	Head
	Body *Block
}

// Keyword implements Decl.
func (*Middleware) Keyword() string { return "middleware" }
