package ast

// Test is a scenario that `livec test` runs:
//
//	test "bob sees what alice says" { … }
type Test struct {
	Head
	Title *StringLit
	Body  *Block
}

// Keyword implements Decl.
func (*Test) Keyword() string { return "test" }
