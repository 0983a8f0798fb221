package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// The caller may see its own data, so `ctx.user` has no origin. But `upgrade` runs without policies: if it puts rows of a
// table with `read if` into the user, they are protected like all other rows.

// caller returns the origins of the whole user. The fields of a table's row contain no other rows.
func (t *tracer) caller(user ir.Type) origins {
	r := recordOf(user)
	if r == nil {
		return nil
	}
	var out origins
	for _, f := range r.Fields {
		out = together(out, held(f.Type).parts())
	}
	return out
}

// ofCaller reports whether a value is the user, or a part of the user that is not itself a protected row.
func (t *tracer) ofCaller(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.CtxUser:
		return true
	case *ir.Local:
		return t.users[x.Var]
	case *ir.FieldOf:
		return t.ofCaller(x.X) && !guarded(x.T)
	case *ir.Index:
		return t.ofCaller(x.X) && !guarded(x.T)
	case *ir.Wrap:
		return t.ofCaller(x.X)
	case *ir.Unwrap:
		return t.ofCaller(x.X)
	case *ir.Check:
		return t.ofCaller(x.X)
	}
	return false
}

func guarded(t ir.Type) bool {
	r := recordOf(t)
	return r != nil && rowOf(r.Table) != nil
}

// fitted returns the origins of a record converted from the user, or from a part of it. It has the fields that both types
// have.
func (t *tracer) fitted(x *ir.Fit) origins {
	from, to := recordOf(x.X.Type()), recordOf(x.T)
	if from == nil || to == nil {
		return held(x.X.Type())
	}
	var out origins
	for _, f := range from.Fields {
		if slices.ContainsFunc(to.Fields, func(g *ir.Field) bool { return g.Name == f.Name }) {
			out = together(out, held(f.Type).parts())
		}
	}
	return out
}

// held returns the origins of the protected rows inside values of a type. They were read before this call.
func held(t ir.Type) origins { return heldIn(t, map[ir.Type]bool{}) }

func heldIn(t ir.Type, seen map[ir.Type]bool) origins {
	if seen[t] {
		return nil
	}
	seen[t] = true
	switch t := t.(type) {
	case *ir.Optional:
		return heldIn(t.Elem, seen)
	case *ir.List:
		return heldIn(t.Elem, seen)
	case *ir.Map:
		return heldIn(t.Elem, seen)
	case *ir.Union:
		var out origins
		for _, v := range t.Variants {
			out = together(out, heldIn(v.Record, seen).parts())
		}
		return out
	case *ir.Record:
		if os := rowOf(t.Table); os != nil {
			os[0].past = true
			return os
		}
		var out origins
		for _, f := range t.Fields {
			out = together(out, heldIn(f.Type, seen).parts())
		}
		return out
	case *ir.Scalar, *ir.Enum, *ir.Null, *ir.Void:
		return nil
	}
	panic(ir.UnknownType(t))
}
