package ast

// Migrate is one lens between versions of a table:
//
//	migrate Todo 1 -> 2 { add priority  rename done -> completed }
type Migrate struct {
	Head     // Name is the table
	From, To *IntLit
	Steps    []*MigrateStep
}

// Keyword implements Decl.
func (*Migrate) Keyword() string { return "migrate" }

// MigrateStep is one step: `add f`, `rename a -> b`, `drop f: T = v`, `convert a -> b: T = expr back expr`, `literal Type "value" back
// "value"`.
type MigrateStep struct {
	At
	Doc         []string
	Word        Ident // add, rename, drop, convert, literal
	From        Ident
	To          Ident // of rename and convert
	Type        Type
	Value, Back Expr
}
