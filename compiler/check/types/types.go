// Package types has the types of the checker, and the relations between them. It does not depend on modules, scopes or
// syntax.
package types

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// Nullable reports whether a value of the type may be null.
func Nullable(t ir.Type) bool {
	_, ok := t.(*ir.Optional)
	return ok
}

// Widen returns the type without its refinements, including those inside of an optional.
func Widen(t ir.Type) ir.Type {
	if o, ok := t.(*ir.Optional); ok {
		return Optional(Plain(o.Elem))
	}
	return Plain(t)
}

// IsEnum reports whether the type is a union of string literals.
func IsEnum(t ir.Type) bool {
	_, ok := t.(*ir.Enum)
	return ok
}

// IsList reports whether the type is a list.
func IsList(t ir.Type) bool {
	_, ok := t.(*ir.List)
	return ok
}

// OrVoid returns the type, or Void if it is nil.
func OrVoid(t ir.Type) ir.Type {
	if t == nil {
		return Void
	}
	return t
}

// LiteralOf returns the value of an enum that has only one; empty for other types.
func LiteralOf(t ir.Type) string {
	if e, ok := t.(*ir.Enum); ok && len(e.Values) == 1 {
		return e.Values[0]
	}
	return ""
}

// Bad is the type of an expression that fails to check. It fits everything, so each mistake is reported once.
var Bad ir.Type = &ir.Record{Name: "?", Anonymous: true}

// IsBad reports whether a mistake hides the type or its element type.
func IsBad(t ir.Type) bool {
	switch t := t.(type) {
	case *ir.Optional:
		return IsBad(t.Elem)
	case *ir.List:
		return IsBad(t.Elem)
	}
	return t == Bad
}

// The scalar types without refinements.
var (
	String   = &ir.Scalar{Kind: ir.String}
	Int      = &ir.Scalar{Kind: ir.Int}
	Float    = &ir.Scalar{Kind: ir.Float}
	Bool     = &ir.Scalar{Kind: ir.Bool}
	Time     = &ir.Scalar{Kind: ir.Time}
	Duration = &ir.Scalar{Kind: ir.Duration}
	Bytes    = &ir.Scalar{Kind: ir.Bytes}
	ID       = &ir.Scalar{Kind: ir.ID}
	JSON     = &ir.Scalar{Kind: ir.JSON}
	Null     = &ir.Null{}
	Void     = &ir.Void{}
)

// Scalars maps names in the language to scalar types without refinements.
var Scalars = map[string]*ir.Scalar{
	"string": String, "int": Int, "float": Float, "bool": Bool, "time": Time, "duration": Duration, "bytes": Bytes, "id": ID, "json": JSON,
}

// IsScalar reports whether the type is a scalar of one of these kinds.
func IsScalar(t ir.Type, kinds ...ir.ScalarKind) bool {
	s, ok := t.(*ir.Scalar)
	return ok && slices.Contains(kinds, s.Kind)
}

// Optional returns the type whose values are those of t and null.
func Optional(t ir.Type) ir.Type {
	switch t.(type) {
	case *ir.Optional, *ir.Null:
		return t
	}
	if IsBad(t) {
		return t
	}
	return &ir.Optional{Elem: t}
}

// Elem returns the type without its optional.
func Elem(t ir.Type) ir.Type {
	if o, ok := t.(*ir.Optional); ok {
		return o.Elem
	}
	return t
}

// Plain returns the type without refinements.
func Plain(t ir.Type) ir.Type {
	if s, ok := t.(*ir.Scalar); ok && s.Refine != nil {
		return &ir.Scalar{Kind: s.Kind}
	}
	if l, ok := t.(*ir.List); ok && l.Refine != nil {
		return &ir.List{Elem: l.Elem}
	}
	return t
}
