package check

import (
	"maps"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// facts are the paths that are known not to be null at a place. Values never change, so what is known once stays true. Facts are never changed once made.
type facts map[ir.Path]bool

// with is both facts together.
func (f facts) with(more facts) facts {
	if len(more) == 0 {
		return f
	}
	out := maps.Clone(f)
	if out == nil {
		out = facts{}
	}
	maps.Copy(out, more)
	return out
}

// renamed is what is known of one variable, for another one that has the same value.
func (f facts) renamed(from, to *ir.Var) facts {
	out := facts{}
	out.move(f, ir.PathOfVar(from), ir.PathOfVar(to))
	return out
}

// move adds what is known of one path, for another one that has the same value.
func (f facts) move(known facts, from, to ir.Path) {
	for p := range known {
		if moved, ok := p.Moved(from, to); ok {
			f[moved] = true
		}
	}
}

// meet is what is known by both.
func meet(a, b facts) facts {
	out := facts{}
	for p := range a {
		if b[p] {
			out[p] = true
		}
	}
	return out
}

// ctxOnly is what is known of ctx.
func ctxOnly(f facts) facts {
	out := facts{}
	for p := range f {
		if p.OfCtx() {
			out[p] = true
		}
	}
	return out
}

// proves is what a condition tells of paths when it comes out as truth.
func proves(x ir.Expr, truth bool) facts { return proof{}.of(x, truth) }

// proof looks into a condition, and depth functions deep into those that it calls.
type proof struct{ depth int }

// maxProof bounds how deep functions that call others are looked into, and so ends those that call themselves.
const maxProof = 4

func (p proof) of(x ir.Expr, truth bool) facts {
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
				return notNull(w.X)
			}
		}
	case *ir.FieldOf:
		if truth {
			return notNull(x)
		}
	case *ir.CallFn:
		return p.call(x, truth)
	}
	return nil
}

func (p proof) binary(x *ir.Binary, truth bool) facts {
	switch {
	case x.Op == relation.And && truth, x.Op == relation.Or && !truth:
		return p.of(x.L, truth).with(p.of(x.R, truth))
	case x.Op == relation.Or && truth, x.Op == relation.And && !truth:
		return meet(p.of(x.L, truth), p.of(x.R, truth))
	case x.Op == relation.Ne && !truth, x.Op == relation.Eq && truth: // equal to something that is not null
		if isNull(x.L) || isNull(x.R) {
			return nil
		}
		if !nullable(x.R.Type()) || wrapped(x.R) {
			return notNull(x.L)
		}
		if !nullable(x.L.Type()) || wrapped(x.L) {
			return notNull(x.R)
		}
	case x.Op == relation.Ne && truth, x.Op == relation.Eq && !truth: // null has a place in the order, so that < and the like prove nothing
		if isNull(x.R) {
			return notNull(x.L)
		}
		if isNull(x.L) {
			return notNull(x.R)
		}
	}
	return nil
}

// call is what the result of a function that is one expression tells of ctx and of its arguments.
func (p proof) call(x *ir.CallFn, truth bool) facts {
	if p.depth == maxProof || x.Fn.Body == nil || len(x.Fn.Body.Stmts) != 1 {
		return nil
	}
	r, ok := x.Fn.Body.Stmts[0].(*ir.Return)
	if !ok || r.X == nil {
		return nil
	}
	found := proof{p.depth + 1}.of(r.X, truth)
	out := ctxOnly(found)
	for i, v := range x.Fn.Params {
		arg, ok := ir.PathOf(x.Args[i])
		if !ok {
			continue
		}
		out.move(found, ir.PathOfVar(v), arg)
	}
	return out
}

func isNull(x ir.Expr) bool {
	if w, ok := x.(*ir.Wrap); ok {
		x = w.X
	}
	l, ok := x.(*ir.Lit)
	return ok && l.Value == nil && !isBad(l.T)
}

// wrapped tells whether x is a value that cannot be null, in the guise of an optional.
func wrapped(x ir.Expr) bool {
	_, ok := x.(*ir.Wrap)
	return ok
}

// notNull is what is known if x is not null: it, and all that it was read through safely.
func notNull(x ir.Expr) facts {
	out := facts{}
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

// known reads an optional whose value is known not to be null as what it is.
func (b *body) known(x ir.Expr) ir.Expr {
	o, ok := x.Type().(*ir.Optional)
	if !ok {
		return x
	}
	if _, user := x.(*ir.CtxUser); user && b.trusts {
		return &ir.Unwrap{At: ir.At{Pos: x.Where(), T: o.Elem}, X: x}
	}
	if p, is := ir.PathOf(x); is && b.facts[p] {
		return &ir.Unwrap{At: ir.At{Pos: x.Where(), T: o.Elem}, X: x}
	}
	return x
}
