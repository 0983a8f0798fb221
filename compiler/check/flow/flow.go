// Package flow finds what conditions prove: which values are known not to be null at a place in a body.
package flow

import (
	"maps"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// Facts is the set of paths that are known not to be null at a place. Variables never change their values, so a fact
// stays true. Facts are immutable.
type Facts map[ir.Path]bool

// With returns the union of two sets.
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

// Renamed returns the facts about one variable as facts about another one that has the same value.
func (f Facts) Renamed(from, to *ir.Var) Facts {
	out := Facts{}
	out.move(f, ir.PathOfVar(from), ir.PathOfVar(to))
	return out
}

// move adds the facts about one path as facts about another one that has the same value.
func (f Facts) move(known Facts, from, to ir.Path) {
	for p := range known {
		if moved, ok := p.Moved(from, to); ok {
			f[moved] = true
		}
	}
}

// Meet returns the facts that both sets contain.
func Meet(a, b Facts) Facts {
	out := Facts{}
	for p := range a {
		if b[p] {
			out[p] = true
		}
	}
	return out
}

// CtxOnly returns the facts about ctx.
func CtxOnly(f Facts) Facts {
	out := Facts{}
	for p := range f {
		if p.OfCtx() {
			out[p] = true
		}
	}
	return out
}

// Proves returns the paths that are not null if the condition evaluates to truth.
func Proves(x ir.Expr, truth bool) Facts { return proof{}.of(x, truth) }

// proof examines a condition. depth is the number of function calls it has followed.
type proof struct{ depth int }

// maxProof bounds the depth of the function calls that a proof follows, and so ends recursive ones.
const maxProof = 4

func (p proof) of(x ir.Expr, truth bool) Facts {
	switch x := x.(type) {
	case *ir.Unary:
		if x.Op == relation.Not {
			return p.of(x.X, !truth)
		}
	case *ir.Binary:
		return p.binary(x, truth)
	case *ir.In: // a list contains no null unless its elements may be null
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
	case x.Op == relation.Ne && !truth, x.Op == relation.Eq && truth: // equal to a value that is not null
		if IsNull(x.L) || IsNull(x.R) {
			return nil
		}
		if !types.Nullable(x.R.Type()) || Wrapped(x.R) {
			return NotNull(x.L)
		}
		if !types.Nullable(x.L.Type()) || Wrapped(x.L) {
			return NotNull(x.R)
		}
	case x.Op == relation.Ne && truth, x.Op == relation.Eq && !truth: // < and the like accept null, so they prove nothing
		if IsNull(x.R) {
			return NotNull(x.L)
		}
		if IsNull(x.L) {
			return NotNull(x.R)
		}
	}
	return nil
}

// call returns what the result of a function proves about ctx and the arguments, if the function is a single expression.
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

// Wrapped reports whether x is a value that cannot be null but was converted to an optional.
func Wrapped(x ir.Expr) bool {
	_, ok := x.(*ir.Wrap)
	return ok
}

// NotNull returns the facts that hold if x is not null: x itself, and everything before a `?.` in it.
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
