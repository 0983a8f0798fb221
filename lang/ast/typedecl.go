package ast

// TypeDecl names a shape:
//
//	type Role = "admin" | "member"
//	type Point { x: float = 0, y: float = 0 }
//	type Shape = Circle | Square
type TypeDecl struct {
	Head
	Type Type // a *RecordType for the form with braces
}

// Keyword implements Decl.
func (*TypeDecl) Keyword() string { return "type" }
