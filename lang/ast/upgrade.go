package ast

// Upgrade says who a connection is:
//
//	upgrade -> User? = session()
//	upgrade -> User? { … }
type Upgrade struct {
	Head
	Result Type
	Value  Expr   // of the form with `=`
	Body   *Block // of the form with braces
}

// Keyword implements Decl.
func (*Upgrade) Keyword() string { return "upgrade" }
