package analyze

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// expr describes the value of an expression.
func (a *flow) expr(f *frame, x ir.Expr) *value {
	if x == nil {
		return clean
	}
	v := a.node(f, x)
	if !ruled(kind(x)) {
		return clean
	}
	return v
}

func (a *flow) node(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.Lit, *ir.CtxIP, *ir.CtxPath, *ir.CtxCursor:
		return clean
	case *ir.Local:
		return a.local(f, x)
	case *ir.CtxUser:
		return a.user
	case *ir.CtxAdded:
		return a.marked(a.addedBy(x.Guard).part(x.Field.Name), x.Field, x.Pos)
	case *ir.EnvRef:
		if x.Env.Secret {
			short := !isText(element(x.Env.Type))
			return &value{own: labels{{what: "setting", name: x.Env.Name, declared: x.Env.Pos, read: x.Pos, short: short}}}
		}
		return clean
	case *ir.FieldOf:
		return a.marked(a.expr(f, x.X).part(x.Field.Name), x.Field, x.Pos)
	case *ir.Index:
		return a.index(f, x)
	case *ir.Wrap:
		return a.expr(f, x.X)
	case *ir.Unwrap:
		return a.expr(f, x.X)
	case *ir.ToFloat:
		return a.expr(f, x.X)
	case *ir.FromEnum:
		return a.expr(f, x.X)
	case *ir.ToEnum:
		return a.tested(f, x, a.expr(f, x.X))
	case *ir.Check:
		return a.tested(f, x, a.expr(f, x.X))
	case *ir.As:
		return a.tested(f, x, made(a.expr(f, x.X).all()))
	case *ir.Fit:
		return a.converted(a.expr(f, x.X), x.X.Type(), x.T, maxDepth)
	case *ir.Unary:
		of := a.expr(f, x.X).all()
		if x.Op == relation.Neg {
			a.mayFail(f, x.Pos, of)
		}
		return made(of.in(partial))
	case *ir.Binary:
		return a.binary(f, x)
	case *ir.In:
		return made(union(whole(a.expr(f, x.X), x.X.Type()), whole(a.expr(f, x.List), x.List.Type())).in(partial))
	case *ir.Cond:
		return a.cond(f, x)
	case *ir.MatchExpr:
		return a.matchExpr(f, x)
	case *ir.Interp, *ir.RecordLit, *ir.ListLit, *ir.MapLit:
		return a.made(f, x)
	case *ir.CallFn, *ir.CallExtern, *ir.Builtin:
		return a.call(f, x)
	case *ir.QueryExpr:
		return a.query(f, x.Query)
	case *ir.ListPipe:
		return a.listPipe(f, x)
	case *ir.Insert, *ir.Upsert, *ir.UpdateRow, *ir.UpdateWhere, *ir.DeleteRow, *ir.DeleteWhere:
		return a.write(f, x)
	}
	panic(unknown(x))
}

// local returns the value of a variable. A variable without a known value comes from outside: it is a parameter, which a
// client sends, or the row of an event.
func (a *flow) local(f *frame, x *ir.Local) *value {
	if v := f.vars[x.Var]; v != nil {
		return v
	}
	return clean
}

// marked describes the value of a field: it is secret if the field is marked so.
func (a *flow) marked(v *value, field *ir.Field, at ir.Pos) *value {
	if !field.Secret || !ruled("mark") {
		return v
	}
	weakest := a.weakest[field.Pos]
	l := fieldLabel(field, at).in(weakest)
	if weakest == partial {
		return v.holding(l).after(l)
	}
	return sized(v.holding(l), field.Type)
}

// index describes an element of a list or a map. The index of a list must be in range.
func (a *flow) index(f *frame, x *ir.Index) *value {
	v, by := a.expr(f, x.X), a.expr(f, x.I).all()
	if _, list := x.X.Type().(*ir.List); list {
		a.mayFail(f, x.Pos, union(by, v.chosen))
	}
	return v.after(by)
}

// tested describes the result of a conversion that fails for some values.
func (a *flow) tested(f *frame, x ir.Expr, v *value) *value {
	a.mayFail(f, x.Where(), v.all())
	return v
}

func (a *flow) binary(f *frame, x *ir.Binary) *value {
	l := a.expr(f, x.L)
	var r *value
	switch x.Op {
	case relation.And, relation.Or: // the left side decides whether the right side is evaluated
		f.under(l.all(), func() { r = a.expr(f, x.R) })
	case relation.Coal: // evaluated if there is no left value; that there is one is not secret
		f.under(l.chosen, func() { r = a.expr(f, x.R) })
	default:
		r = a.expr(f, x.R)
	}
	switch x.Op {
	case relation.Eq, relation.Ne:
		a.constantTime(f, x)
		if isNull(x.L) || isNull(x.R) { // whether there is a value is not secret
			return made(union(l.chosen, r.chosen))
		}
	case relation.Coal:
		return join(l, r)
	case relation.Add, relation.Subt, relation.Mul, relation.Div, relation.IDiv, relation.Mod:
		if _, list := x.T.(*ir.List); list {
			return join(l, r)
		}
		if !counts(x) {
			a.mayFail(f, x.Pos, union(l.all(), r.all()))
		}
	}
	return made(union(whole(l, x.L.Type()), whole(r, x.R.Type())).in(partial))
}

// constantTime reports a comparison of an HMAC by `==`. Its duration reveals how much of the HMAC is right.
func (a *flow) constantTime(f *frame, x *ir.Binary) {
	if f.mac(x.L) || f.mac(x.R) {
		a.out.errorf(x.Pos, diag.CodeSecretDecides, "the time that `%s` takes shows how much of this HMAC is right", x.Op).
			help("compare it with `sameText(…)`, which takes the same time for every wrong value")
	}
}

// mac reports whether a value is an HMAC: the call itself, or a variable that holds one.
func (f *frame) mac(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Builtin:
		return x.Name == "hmac"
	case *ir.Local:
		return f.macs[x.Var]
	}
	return false
}

// maxStep bounds the steps of a counter that is assumed not to overflow.
const maxStep = 1 << 20

// counts reports whether a small constant is added to a number, as in `.tries + 1`. This overflows only for less than one in
// 10¹² of all numbers.
func counts(x *ir.Binary) bool {
	step, ok := x.R.(*ir.Lit)
	if !ok || x.Op != relation.Add && x.Op != relation.Subt {
		return false
	}
	n, whole := step.Value.(int64)
	return whole && -maxStep <= n && n <= maxStep
}

func isNull(x ir.Expr) bool {
	l, ok := x.(*ir.Lit)
	return ok && l.Value == nil
}

func (a *flow) cond(f *frame, x *ir.Cond) *value {
	by := a.expr(f, x.If).all()
	var then, other *value
	f.under(by, func() { then, other = a.expr(f, x.Then), a.expr(f, x.Else) })
	return join(then, other).after(by)
}

func (a *flow) matchExpr(f *frame, x *ir.MatchExpr) *value {
	v := a.expr(f, x.X)
	by := matched(v, x.X.Type())
	out := clean
	f.under(by, func() {
		for _, arm := range x.Arms {
			for _, lit := range arm.Values {
				by = union(by, a.expr(f, lit).all())
			}
			if arm.Bind != nil {
				f.vars[arm.Bind], f.predictable[arm.Bind] = v, a.predictable(f, x.X)
			}
			out = join(out, a.expr(f, arm.X))
		}
	})
	return out.after(by)
}

// matched returns the labels that decide which arm of a match is taken. For a union it is the tag, which is not secret.
func matched(v *value, t ir.Type) labels {
	u, ok := element(t).(*ir.Union)
	if !ok {
		return whole(v, t)
	}
	return union(v.own, v.chosen, v.member(u.Tag).all())
}

// made describes a value that is put together from parts.
func (a *flow) made(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.Interp:
		return a.joined(f, x.Parts)
	case *ir.RecordLit:
		out := &value{fields: map[string]*value{}}
		for _, m := range x.Fields {
			out.fields[m.Field.Name] = a.expr(f, m.X)
			if m.Field.Secret {
				a.guessed(f, m.X, m.Field)
			}
		}
		return out.bounded(maxDepth)
	case *ir.ListLit:
		out := clean
		for _, e := range x.Elems {
			out = join(out, a.expr(f, e))
		}
		return out
	case *ir.MapLit:
		out := clean
		for i := range x.Keys {
			key := a.expr(f, x.Keys[i]).all() // keys are visible wherever the map is, and equal keys collapse into one
			out = join(out, a.expr(f, x.Values[i])).holding(key).after(key)
		}
		return out
	}
	panic(unknown(x))
}

// joined describes an interpolated text.
func (a *flow) joined(f *frame, parts []ir.Expr) *value {
	out := &value{}
	for _, x := range parts {
		v := a.expr(f, x)
		out.own = union(out.own, whole(v, x.Type()).in(rewritten))
		out.chosen = union(out.chosen, v.decided())
	}
	return out
}
