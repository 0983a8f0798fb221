package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// What `ctx.user` is made of is the caller's own, and has no origin. But `upgrade` reads as the system: rows that it puts
// inside, of a
// table with `read if`, are rows like all others.

// caller finds the origins of the user as a whole. The fields of a row of a table hold no other rows.
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

// mine reports whether a value is the user, or a part that is no row with a policy of its own.
func (t *tracer) mine(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.CtxUser:
		return true
	case *ir.Local:
		return t.users[x.Var]
	case *ir.FieldOf:
		return t.mine(x.X) && !guarded(x.T)
	case *ir.Index:
		return t.mine(x.X) && !guarded(x.T)
	case *ir.Wrap:
		return t.mine(x.X)
	case *ir.Unwrap:
		return t.mine(x.X)
	case *ir.Check:
		return t.mine(x.X)
	}
	return false
}

func guarded(t ir.Type) bool {
	r := recordOf(t)
	return r != nil && rowOf(r.Table) != nil
}

// fitted finds the origins of another record made of the user, or of a part: it has the fields that both have.
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

// held are the rows with a policy that values of a type hold, read before this call.
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
