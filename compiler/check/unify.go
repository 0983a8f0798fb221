package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// isEmpty reports whether x is an empty list or map literal. Its type is that of the neighbouring expressions.
func isEmpty(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Paren:
		return isEmpty(x.X)
	case *ast.ListLit:
		return len(x.Elems) == 0
	case *ast.RecordLit:
		return x.Type == nil && len(x.Members) == 0
	}
	return false
}

// hintOf returns the type that an empty list next to x may take.
func hintOf(x ir.Expr) ir.Type {
	switch types.Elem(x.Type()).(type) {
	case *ir.List, *ir.Map, *ir.Record:
		return x.Type()
	}
	return nil
}

// inferAll checks expressions that must have a common type. Empty lists and maps take the type of the others.
func (b *body) inferAll(xs []ast.Expr, hint ir.Type) []ir.Expr {
	out := make([]ir.Expr, len(xs))
	for _, empty := range []bool{false, true} {
		for i, x := range xs {
			if isEmpty(x) != empty {
				continue
			}
			out[i] = b.infer(x, hint)
		}
		if hint == nil {
			for _, e := range out {
				if e != nil && hintOf(e) != nil {
					hint = hintOf(e)
					break
				}
			}
		}
	}
	return out
}

// unify converts several expressions to one type.
func (b *body) unify(x ast.Node, hint ir.Type, xs ...ir.Expr) (ir.Type, []ir.Expr) {
	t := hint
	if t == nil {
		t = b.common(x, xs)
	}
	refined := t
	t = types.Widen(t) // a refinement is checked where the whole value is used, since its path is known there
	out := make([]ir.Expr, len(xs))
	for i, e := range xs {
		if types.IsBad(t) {
			out[i] = e
			continue
		}
		if isLit(e) {
			b.fit(e, refined, "")
		}
		out[i] = b.fit(e, t, "")
	}
	return t, out
}

// common finds the type to which all expressions can be converted.
func (b *body) common(x ast.Node, xs []ir.Expr) ir.Type {
	var t ir.Type
	null := false
	for _, e := range xs {
		et := e.Type()
		if types.IsBad(et) {
			return types.Bad
		}
		if _, is := et.(*ir.Null); is {
			null = true
			continue
		}
		if types.Nullable(et) {
			null = true
			et = types.Elem(et)
		}
		switch {
		case t == nil:
			t = types.Plain(et)
		case types.Same(et, t):
		case types.IsScalar(t, ir.Int) && types.IsScalar(et, ir.Float):
			t = types.Float
		case types.IsScalar(t, ir.Float) && types.IsScalar(et, ir.Int):
		case isLit(e) && types.IsScalar(et, ir.String):
		case allLits(xs, t) && types.IsScalar(t, ir.String):
			t = types.Plain(et)
		case types.IsEnum(t) && types.IsScalar(et, ir.String):
			t = types.String
		case types.IsScalar(t, ir.String) && types.IsEnum(et):
		case types.IsScalar(t, ir.String) && types.IsScalar(et, ir.ID):
		case types.IsScalar(t, ir.ID) && types.IsScalar(et, ir.String):
			t = types.String
		default:
			if b.convertible(et, t) { // records without a name that have the same fields
				continue
			}
			if r, ok := et.(*ir.Record); ok {
				if o, is := t.(*ir.Record); is && r.TagOf != nil && r.TagOf == o.TagOf {
					t = r.TagOf
					continue
				}
				if u, is := t.(*ir.Union); is && r.TagOf == u {
					continue
				}
			}
			b.mismatch(e.Where().Span, et, t)
			return types.Bad
		}
	}
	if t == nil {
		if null {
			return types.Null
		}
		return types.Bad
	}
	if null {
		return types.Optional(t)
	}
	return t
}

func isLit(x ir.Expr) bool {
	_, ok := x.(*ir.Lit)
	return ok
}

// allLits reports whether all expressions of type t are literals.
func allLits(xs []ir.Expr, t ir.Type) bool {
	for _, x := range xs {
		if types.Same(types.Elem(x.Type()), t) && !isLit(x) {
			return false
		}
	}
	return true
}
