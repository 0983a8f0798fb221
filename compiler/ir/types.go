package ir

import (
	"fmt"
	"regexp"
)

// Type is a type. Records, enums and unions are equal by identity, the others by structure.
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

// Scalar is a built-in scalar type, perhaps refined.
type Scalar struct {
	Kind   ScalarKind
	Refine *Refine // nil: unrefined
}

// Refine narrows the values of a scalar or the length of a list. Bounds are inclusive; for string they count code points, for bytes
// bytes, for lists elements.
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

// Record is a record type: a `type`, the row of a table, or an anonymous shape that the compiler named.
type Record struct {
	Pos       Pos
	Module    string
	Name      string // unique in its module; PascalCase
	Doc       []string
	Fields    []*Field
	Anonymous bool
	Table     *Table  // set for the row type of a table
	PatchOf   *Record // set for T.patch: every field optional, absent differing from null
	TagOf     *Union  // set for a variant of a union
}

// Field is one field of a record.
type Field struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // nil where none; a constant, now(), newId(), newSecret() or env expression
	Server  bool // no client sets it
	Secret  bool // never leaves the server
	Column  int  // position in the table's columns; -1 outside tables
}

// Enum is a union of string literals, in declared order. An anonymous one has a name that the compiler gave it.
type Enum struct {
	Pos       Pos
	Module    string
	Name      string
	Doc       []string
	Values    []string
	Anonymous bool
}

// Union is a union of records told apart by a field of one literal each.
type Union struct {
	Pos      Pos
	Module   string
	Name     string
	Doc      []string
	Tag      string // the telling field
	Variants []Variant
}

// Variant is one record of a union with its literal.
type Variant struct {
	Value  string
	Record *Record
}

// Null is the type of the literal null alone, and Void that of an entry point without a result.
type (
	Null struct{}
	Void struct{}
)

// UnknownType is what a reader panics with that does not know a kind of type.
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

// Var is a parameter, a let, a loop variable or a name bound by a pattern. Each is one value for its whole life.
type Var struct {
	Pos     Pos
	Name    string
	Doc     []string
	Type    Type
	Default Expr // of a parameter that may be omitted; nil and an optional Type: null
	Secret  bool // of a parameter of an outside function: it may be given secrets
}
