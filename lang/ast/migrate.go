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

// MigrateWords are the first words of steps.
var MigrateWords = []string{"add", "rename", "drop", "convert", "literal"}

// MigrateStep is one step: `add f`, `rename a -> b`, `drop f: T = v`, `convert a -> b: T = expr back expr`, `literal Type "value" back
// "value"`.
type MigrateStep struct {
	At
	Doc         []string
	Word        Ident // one of MigrateWords
	From        Ident // a field; not of literal
	To          Ident // of rename and convert
	Type        Type  // of drop and convert; of literal, the name of the union
	Value, Back Expr
}
