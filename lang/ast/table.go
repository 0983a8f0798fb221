package ast

// Table is a stored record type:
//
//	table Message {
//	  id:   id
//	  room: string(1..40)
//
//	  index (room)
//	  read if .room == "lobby"
//	}
type Table struct {
	Head
	Fields  []*Field
	Key     *Columns // nil: `id`
	Indexes []*Columns
	Uniques []*Columns
	ReadIf  *Policy
	WriteIf *Policy
	// Members are all of the above in source order, for the formatter.
	Members []Node
}

// Keyword implements Decl.
func (*Table) Keyword() string { return "table" }

// Columns is `key (a, b)`, `index (a, b)` or `unique (a, b)`.
type Columns struct {
	At
	Doc   []string
	Word  string
	Names []Ident
}

// Policy is `read if expr` or `write if expr`.
type Policy struct {
	At
	Doc  []string
	Word string // read, write
	Cond Expr
}

// ModifierWords are the words that can follow the type of a field.
var ModifierWords = []string{"key", "unique", "server", "secret"}

// Field is a field of a record, a table or an env declaration:
//
//	name: type = default modifier …
type Field struct {
	At
	Doc       []string
	Name      Ident
	Type      Type
	Default   Expr
	Modifiers []Ident // of ModifierWords
}
