// Package flow says what conditions prove: which values are known not to be null at a place of a body.
package flow

import (
	"maps"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// Facts are the paths that are known not to be null at a place. Values never change, so what is known once stays true. Nobody changes Facts
// once they are made.
type Facts map[ir.Path]bool

// With is both facts together.
func (f Facts) With(more Facts) Facts {
	if len(more) == 0 {
		return f
	}
	out := maps.Clone(f)
	if out == nil {
		out = Facts{}
	}
	maps.Copy(out, more)
	return out
}

// Renamed is what is known of one variable, for another one that has the same value.
func (f Facts) Renamed(from, to *ir.Var) Facts {
	out := Facts{}
	out.move(f, ir.PathOfVar(from), ir.PathOfVar(to))
	return out
}

// move adds what is known of one path, for another one that has the same value.
func (f Facts) move(known Facts, from, to ir.Path) {
	for p := range known {
		if moved, ok := p.Moved(from, to); ok {
			f[moved] = true
		}
	}
}

// Meet is what is known by both.
func Meet(a, b Facts) Facts {
	out := Facts{}
	for p := range a {
		if b[p] {
			out[p] = true
		}
	}
	return out
}

// CtxOnly is what is known of ctx.
func CtxOnly(f Facts) Facts {
	out := Facts{}
	for p := range f {
		if p.OfCtx() {
			out[p] = true
		}
	}
	return out
}

// Proves is what a condition reports paths when it comes out as truth.
func Proves(x ir.Expr, truth bool) Facts { return proof{}.of(x, truth) }

// proof looks into a condition, and depth functions deep into those that it calls.
type proof struct{ depth int }

// maxProof bounds how deep functions that call others are looked into, and so ends those that call themselves.
const maxProof = 4

func (p proof) of(x ir.Expr, truth bool) Facts {
	switch x := x.(type) {
	case *ir.Unary:
		if x.Op == relation.Not {
			return p.of(x.X, !truth)
		}
	case *ir.Binary:
		return p.binary(x, truth)
	case *ir.In: // no list holds null unless its elements may be null
		if truth {
			if w, ok := x.X.(*ir.Wrap); ok {
				return NotNull(w.X)
			}
		}
	case *ir.FieldOf:
		if truth {
			return NotNull(x)
		}
	case *ir.CallFn:
		return p.call(x, truth)
	}
	return nil
}

func (p proof) binary(x *ir.Binary, truth bool) Facts {
	switch {
	case x.Op == relation.And && truth, x.Op == relation.Or && !truth:
		return p.of(x.L, truth).With(p.of(x.R, truth))
	case x.Op == relation.Or && truth, x.Op == relation.And && !truth:
		return Meet(p.of(x.L, truth), p.of(x.R, truth))
	case x.Op == relation.Ne && !truth, x.Op == relation.Eq && truth: // equal to something that is not null
		if IsNull(x.L) || IsNull(x.R) {
			return nil
		}
		if !types.Nullable(x.R.Type()) || Wrapped(x.R) {
			return NotNull(x.L)
		}
		if !types.Nullable(x.L.Type()) || Wrapped(x.L) {
			return NotNull(x.R)
		}
	case x.Op == relation.Ne && truth, x.Op == relation.Eq && !truth: // null has a place in the order, so that < and the like prove nothing
		if IsNull(x.R) {
			return NotNull(x.L)
		}
		if IsNull(x.L) {
			return NotNull(x.R)
		}
	}
	return nil
}

// call is what the result of a function that is one expression reports ctx and of its arguments.
func (p proof) call(x *ir.CallFn, truth bool) Facts {
	if p.depth == maxProof || x.Fn.Body == nil || len(x.Fn.Body.Stmts) != 1 {
		return nil
	}
	r, ok := x.Fn.Body.Stmts[0].(*ir.Return)
	if !ok || r.X == nil {
		return nil
	}
	found := proof{p.depth + 1}.of(r.X, truth)
	out := CtxOnly(found)
	for i, v := range x.Fn.Params {
		arg, ok := ir.PathOf(x.Args[i])
		if !ok {
			continue
		}
		out.move(found, ir.PathOfVar(v), arg)
	}
	return out
}

// IsNull reports whether x is the literal null.
func IsNull(x ir.Expr) bool {
	if w, ok := x.(*ir.Wrap); ok {
		x = w.X
	}
	l, ok := x.(*ir.Lit)
	return ok && l.Value == nil && !types.IsBad(l.T)
}

// Wrapped reports whether x is a value that cannot be null, in the guise of an optional.
func Wrapped(x ir.Expr) bool {
	_, ok := x.(*ir.Wrap)
	return ok
}

// NotNull is what is known if x is not null: it, and all that it was read through safely.
func NotNull(x ir.Expr) Facts {
	out := Facts{}
	for x != nil {
		if p, ok := ir.PathOf(x); ok {
			out[p] = true
		}
		switch y := x.(type) {
		case *ir.FieldOf:
			if !y.Safe {
				return out
			}
			x = y.X
		case *ir.Wrap:
			x = y.X
		case *ir.Unwrap:
			x = y.X
		default:
			return out
		}
	}
	return out
}
