package ir

import (
	"fmt"
	"regexp"
)

// Type is a type. Records, enums and unions are compared by identity, all others by structure.
type Type interface{ isType() }

// ScalarKind is one of the built-in scalar types.
type ScalarKind uint8

// The scalar kinds.
const (
	String ScalarKind = iota + 1
	Int
	Float
	Bool
	Time
	Duration
	Bytes
	ID
	JSON
)

// Scalar is a built-in scalar type, possibly refined.
type Scalar struct {
	Kind   ScalarKind
	Refine *Refine // nil: unrefined
}

// Refine restricts the values of a scalar or the length of a list. Bounds are inclusive. They count code points for string,
// bytes for bytes, and elements for lists.
type Refine struct {
	Min, Max    *int64
	FMin, FMax  *float64 // for float
	Format      string   // "email", "url"
	Pattern     *regexp.Regexp
	PatternText string // as written between the slashes
}

// Optional is T?.
type Optional struct{ Elem Type }

// List is [T].
type List struct {
	Elem   Type
	Refine *Refine
}

// Map is [string: T].
type Map struct{ Elem Type }

// Record is a record type: a `type`, the row of a table, or an anonymous record type that the compiler named.
type Record struct {
	Pos       Pos
	Module    string
	Name      string // unique in its module; PascalCase
	Doc       []string
	Fields    []*Field
	Anonymous bool
	Table     *Table  // set for the row type of a table
	PatchOf   *Record // set for T.patch: every field is optional, and absent differs from null
	TagOf     *Union  // set for a variant of a union
}

// Field is one field of a record.
type Field struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // nil if there is none; a constant, now(), newId(), newSecret() or env expression
	Server  bool // clients do not send it
	Secret  bool // never leaves the server
	Column  int  // position in the table's columns; -1 outside tables
}

// Enum is a union of string literals, in the order of declaration. The compiler names an anonymous one.
type Enum struct {
	Pos       Pos
	Module    string
	Name      string
	Doc       []string
	Values    []string
	Anonymous bool
}

// Union is a union of records that differ in the literal of one field, the tag.
type Union struct {
	Pos      Pos
	Module   string
	Name     string
	Doc      []string
	Tag      string // the name of the tag field
	Variants []Variant
}

// Variant is one record of a union with its literal.
type Variant struct {
	Value  string
	Record *Record
}

// Null is the type of the literal null. Void is the result type of an entry point without a result.
type (
	Null struct{}
	Void struct{}
)

// UnknownType returns the message for a panic about a kind of type that the caller does not know.
func UnknownType(t Type) string { return fmt.Sprintf("a type of unknown kind: %T", t) }

func (*Scalar) isType()   {}
func (*Optional) isType() {}
func (*List) isType()     {}
func (*Map) isType()      {}
func (*Record) isType()   {}
func (*Enum) isType()     {}
func (*Union) isType()    {}
func (*Null) isType()     {}
func (*Void) isType()     {}

// Var is a parameter, a let, a loop variable or a name bound by a pattern. It never changes its value.
type Var struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // of a parameter that may be omitted; nil with an optional Type means null
	Secret  bool // of a parameter of an extern function: it accepts secrets
}
