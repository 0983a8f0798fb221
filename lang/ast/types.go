package ast

// Type is a type as written.
type Type interface {
	Node
	typeExpr()
}

// NamedType is a name, possibly with a refinement: `User`, `string(1..200)`.
type NamedType struct {
	At
	Name   Ident
	Refine *Refinement
}

// MemberType is the type of a field, or a patch: `Message.id`, `Todo.patch`.
type MemberType struct {
	At
	Name   Ident
	Member Ident
}

// OptionalType is `T?`.
type OptionalType struct {
	At
	Elem Type
}

// ListType is `[T]`, possibly with a refinement: `[T](1..10)`.
type ListType struct {
	At
	Elem   Type
	Refine *Refinement
}

// MapType is `[string: T]`.
type MapType struct {
	At
	Key  Type
	Elem Type
}

// RecordType is `{ x: float, y: float }`.
type RecordType struct {
	At
	Fields []*Field
}

// UnionType is `"a" | "b"` or `Circle | Square`.
type UnionType struct {
	At
	Members []Type
}

// LiteralType is a string literal as a type.
type LiteralType struct {
	At
	Value *StringLit
}

// BadType is a type that could not be parsed. It has a diagnostic.
type BadType struct{ At }

func (*NamedType) typeExpr()    {}
func (*MemberType) typeExpr()   {}
func (*OptionalType) typeExpr() {}
func (*ListType) typeExpr()     {}
func (*MapType) typeExpr()      {}
func (*RecordType) typeExpr()   {}
func (*UnionType) typeExpr()    {}
func (*LiteralType) typeExpr()  {}
func (*BadType) typeExpr()      {}

// Refinement is the text in parentheses after a type. Its parts are separated by commas: a range (`1..200`, `0..`,
// `..5mb`), a word (`email`) or a pattern (`/^[a-z]+$/`).
type Refinement struct {
	At
	Parts []Refine
}

// Refine is one part of a refinement: exactly one of Range, Word and Pattern is set.
type Refine struct {
	At
	Range   *Range
	Word    *Ident
	Pattern *Pattern
}

// Range has inclusive bounds: numbers, sizes, or a `-` before a number. An open bound is nil.
type Range struct{ Min, Max Expr }

// Pattern is a regular expression; Text is the part between the slashes, with `\/` for a slash.
type Pattern struct{ Text string }
