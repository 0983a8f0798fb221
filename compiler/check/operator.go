package check

import (
	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation"
)

// binary checks an operator with two operands.
func (b *body) binary(x *ast.Binary, hint ir.Type) ir.Expr {
	switch x.Op {
	case "&&", "||":
		return b.logic(x)
	case "??":
		return b.coalesce(x, hint)
	case "in":
		return b.in(x)
	case "==", "!=", "<", "<=", ">", ">=":
		return b.compare(x)
	}
	return b.arithmetic(x)
}

func (b *body) logic(x *ast.Binary) ir.Expr {
	l := b.infer(x.L, types.Bool)
	if types.Nullable(l.Type()) && x.Op == "||" && !types.IsScalar(types.Elem(l.Type()), ir.Bool) && !types.IsBad(l.Type()) {
		return b.orElse(x, l)
	}
	l = b.fit(l, types.Bool, "")
	before := b.facts
	b.facts = before.With(flow.Proves(l, x.Op == "&&"))
	r := b.expr(x.R, types.Bool)
	b.facts = before
	return &ir.Binary{At: b.at(x, types.Bool), Op: relation.Op(x.Op), L: l, R: r}
}

// orElse reports `a || b` where the author means `a ?? b`.
func (b *body) orElse(x *ast.Binary, l ir.Expr) ir.Expr {
	r := b.infer(x.R, types.Elem(l.Type()))
	at := source.Span{Start: x.L.Where().End, End: x.R.Where().Start}
	f := b.errorf(x.L.Where(), diag.CodeOperands, "`||` takes conditions, but this is `%s`", ir.TypeString(l.Type())).
		help("to replace null by another value, write `??`")
	if !types.IsBad(r.Type()) && b.convertible(r.Type(), types.Elem(l.Type())) {
		f.fix(b.m, at, "write `??`", " ?? ")
	}
	return &ir.Lit{At: b.at(x, types.Bad)}
}

func (b *body) coalesce(x *ast.Binary, hint ir.Type) ir.Expr {
	l := b.infer(x.L, hint)
	before := b.facts
	r := b.infer(x.R, elemOrNil(hint, l.Type()))
	b.facts = before
	if types.IsBad(l.Type()) || types.IsBad(r.Type()) {
		return b.bad(b.pos(x))
	}
	if flow.IsNull(l) {
		b.errorf(x.L.Where(), diag.CodeOperands, "this is always null, so `??` always uses its right side").help("remove the `null ??`")
		return r
	}
	if !types.Nullable(l.Type()) {
		if u, ok := l.(*ir.Unwrap); ok {
			b.errorf(x.L.Where(), diag.CodeOperands, "this is known not to be null here, so `??` has nothing to replace").
				help("remove the `??` and its right side").
				fix(b.m, source.Span{Start: x.L.Where().End, End: x.Span.End}, "remove the `??`", "")
			return u
		}
		b.errorf(x.L.Where(), diag.CodeOperands, "this is never null, so `??` has nothing to replace").help("remove the `??` and its right side").
			fix(b.m, source.Span{Start: x.L.Where().End, End: x.Span.End}, "remove the `??`", "")
		return l
	}
	t := types.Elem(l.Type())
	if types.Nullable(r.Type()) || flow.IsNull(r) {
		t = l.Type()
	}
	if types.IsScalar(types.Elem(t), ir.Int) && types.IsScalar(types.Elem(r.Type()), ir.Float) {
		if types.Nullable(t) {
			t = types.Optional(types.Float)
		} else {
			t = types.Float
		}
	}
	t = types.Widen(t)
	r = b.fit(r, t, "")
	if l2, ok := b.convert(l, types.Optional(t), ""); ok {
		l = l2
	}
	return &ir.Binary{At: b.at(x, t), Op: relation.Coal, L: l, R: r}
}

func elemOrNil(hint, t ir.Type) ir.Type {
	if hint != nil {
		return hint
	}
	if types.IsBad(t) {
		return nil
	}
	if o, ok := t.(*ir.Optional); ok {
		return o.Elem
	}
	return nil
}

// pair checks the two operands of a comparison and converts them to one type.
func (b *body) pair(x *ast.Binary) (l, r ir.Expr, ok bool) {
	l, r = b.comparisonOperand(x.L, x.R), b.comparisonOperand(x.R, x.L)
	if types.IsBad(l.Type()) || types.IsBad(r.Type()) {
		return l, r, false
	}
	return b.align(x, l, r)
}

// align converts the operands of a comparison to one type. If possible it converts the side that is not a field of a row, so
// that the query can use an index on the field.
func (b *body) align(x *ast.Binary, l, r ir.Expr) (ir.Expr, ir.Expr, bool) {
	lt, rt := l.Type(), r.Type()
	if flow.IsNull(l) || flow.IsNull(r) {
		return b.alignNull(x, l, r)
	}
	null := types.Nullable(lt) || types.Nullable(rt)
	le, re := types.Widen(types.Elem(lt)), types.Widen(types.Elem(rt))
	t := le
	switch {
	case types.Same(le, re):
		if e, ok := le.(*ir.Enum); ok && e.Anonymous {
			t = re
		}
	case types.IsScalar(le, ir.Int) && types.IsScalar(re, ir.Float):
		t = re
	case types.IsScalar(le, ir.Float) && types.IsScalar(re, ir.Int):
	case types.IsScalar(le, ir.ID) && types.IsScalar(re, ir.String):
		if b.overRow(r) && !b.overRow(l) {
			t = re
		}
	case types.IsScalar(le, ir.String) && types.IsScalar(re, ir.ID):
		if !b.overRow(l) || b.overRow(r) {
			t = re
		}
	case types.IsEnum(le) && types.IsScalar(re, ir.String):
		if !isLit(r) {
			t = re
		}
	case types.IsScalar(le, ir.String) && types.IsEnum(re):
		if isLit(l) {
			t = re
		}
	default:
		f := b.errorf(x.Span, diag.CodeOperands, "`%s` and `%s` cannot be compared", ir.TypeString(lt), ir.TypeString(rt))
		unitHelp(f, le, re)
		return l, r, false
	}
	if null {
		t = types.Optional(t)
	}
	return b.fit(l, t, ""), b.fit(r, t, ""), true
}

// unitHelp explains how to write times and durations.
func unitHelp(f finding, l, r ir.Type) {
	either := func(a, b ir.ScalarKind) bool {
		return types.IsScalar(l, a) && types.IsScalar(r, b) || types.IsScalar(l, b) && types.IsScalar(r, a)
	}
	switch {
	case either(ir.Time, ir.String):
		f.help("read the time from a string: `\"2026-01-31T09:30:00Z\" as time`")
	case either(ir.Time, ir.Int), either(ir.Duration, ir.Int), either(ir.Time, ir.Float), either(ir.Duration, ir.Float):
		f.help("a duration has a unit, such as `5s`; `duration(n)` makes one from milliseconds")
	}
}

// overRow reports whether x depends on the row of a pipeline.
func (b *body) overRow(x ir.Expr) bool {
	found := false
	ir.WalkExprs(x, func(x ir.Expr) bool {
		if l, ok := x.(*ir.Local); ok {
			for _, r := range b.rows {
				found = found || r.row == l.Var
			}
		}
		return !found
	})
	return found
}

// alignNull checks a comparison with null. A value that is known not to be null is still optional by its declaration, so the
// comparison is allowed.
func (b *body) alignNull(x *ast.Binary, l, r ir.Expr) (ir.Expr, ir.Expr, bool) {
	other, at := l, x.L
	if flow.IsNull(l) {
		other, at = r, x.R
	}
	if u, ok := other.(*ir.Unwrap); ok {
		other = u.X
	}
	if !types.Nullable(other.Type()) {
		if flow.IsNull(other) {
			b.errorf(x.Span, diag.CodeOperands, "`null` is compared with `null`")
		} else {
			b.errorf(at.Where(), diag.CodeOperands, "this is never null").
				help("remove the comparison, or make the value optional where it is declared")
		}
		return l, r, false
	}
	null := &ir.Lit{At: ir.At{Pos: b.pos(x), T: other.Type()}}
	if flow.IsNull(l) {
		return null, other, true
	}
	return other, null, true
}

func (b *body) compare(x *ast.Binary) ir.Expr {
	l, r, ok := b.pair(x)
	out := &ir.Binary{At: b.at(x, types.Bool), Op: relation.Op(x.Op), L: l, R: r}
	if !ok {
		if types.IsBad(l.Type()) || types.IsBad(r.Type()) {
			return out
		}
		return b.bad(b.pos(x))
	}
	if types.IsBad(l.Type()) || types.IsBad(r.Type()) {
		return out
	}
	if p, is := ir.PathOf(l); is {
		if q, same := ir.PathOf(r); same && p == q {
			b.comparesItself(x)
			return b.bad(b.pos(x))
		}
	}
	equality := x.Op == "==" || x.Op == "!="
	t := types.Elem(l.Type())
	switch t := t.(type) {
	case *ir.Enum:
	case *ir.Scalar:
		if t.Kind == ir.JSON || t.Kind == ir.Bytes && !equality {
			b.errorf(x.Span, diag.CodeOperands, "values of `%s` have no order", ir.TypeString(t)).help("compare one of its parts")
			return b.bad(b.pos(x))
		}
		if t.Kind == ir.Bool && !equality {
			b.errorf(x.Span, diag.CodeOperands, "`%s` cannot compare values of `bool`", x.Op).
				help("compare with `==`, or combine with `&&` and `||`")
			return b.bad(b.pos(x))
		}
	default:
		if !equality || !types.IsList(t) {
			if !flow.IsNull(l) && !flow.IsNull(r) {
				b.errorf(x.Span, diag.CodeOperands, "values of `%s` cannot be compared", ir.TypeString(t)).help("compare their fields instead")
				return b.bad(b.pos(x))
			}
		}
	}
	if b.grants && !flow.IsNull(l) && !flow.IsNull(r) && types.Nullable(l.Type()) {
		side := x.L
		if !nullableSource(l) {
			side = x.R
		}
		b.errorf(side.Where(), diag.CodeOptionalPolicy, "this may be null, and null equals null, so the policy would allow too much").
			help("check it first: `… != null && …`")
	}
	return out
}

// comparesItself reports a value that is compared with itself. The author most likely means the field of the row.
func (b *body) comparesItself(x *ast.Binary) {
	f := b.errorf(x.Span, diag.CodeOperands, "this compares a value with itself")
	n, ok := x.L.(*ast.Name)
	if !ok || len(b.rows) == 0 {
		f.help("compare it with another value")
		return
	}
	if r, is := b.rows[len(b.rows)-1].row.Type.(*ir.Record); is && types.FieldOf(r, n.Name) != nil {
		f.help("the field of the row is `.%s`", n.Name).fix(b.m, n.Span, "write `."+n.Name+"`", "."+n.Name)
	}
}

// nullableSource reports whether x is optional in the source, and was not converted to an optional for the comparison.
func nullableSource(x ir.Expr) bool { return types.Nullable(x.Type()) && !flow.Wrapped(x) }

func (b *body) in(x *ast.Binary) ir.Expr {
	list := b.infer(x.R, nil)
	l := b.infer(x.L, nil)
	if types.IsBad(list.Type()) || types.IsBad(l.Type()) {
		return &ir.Lit{At: b.at(x, types.Bool), Value: false}
	}
	var t ir.Type
	switch lt := list.Type().(type) {
	case *ir.List:
		t = lt.Elem
	case *ir.Map:
		t = types.String
	case *ir.Optional:
		b.mayBeNull(list, x.R.Where())
		return b.bad(b.pos(x))
	default:
		b.errorf(x.R.Where(), diag.CodeOperands, "`in` needs a list, a map or a pipeline, but this is `%s`", ir.TypeString(lt)).
			help("to find a part of a string, use `contains(text, part)`")
		return b.bad(b.pos(x))
	}
	if lit, ok := list.(*ir.ListLit); ok && isLitList(lit) { // it takes the type of the value that is searched for
		want := types.Plain(types.Elem(l.Type()))
		if e, is := b.convert(lit, &ir.List{Elem: want}, ""); is {
			list, t = e, want
		}
	}
	switch it := types.Elem(t).(type) {
	case *ir.Scalar:
		if it.Kind == ir.JSON {
			b.errorf(x.Span, diag.CodeOperands, "values of `json` cannot be compared")
			return b.bad(b.pos(x))
		}
	case *ir.Enum:
	default:
		b.errorf(x.Span, diag.CodeOperands, "values of `%s` cannot be compared", ir.TypeString(t)).
			help("look for one of their fields: `… in (xs | map .id)`")
		return b.bad(b.pos(x))
	}
	if b.grants && nullableSource(l) {
		b.errorf(x.L.Where(), diag.CodeOptionalPolicy, "this may be null, and null must not pass a policy").
			help("check it first: `… != null && …`")
	}
	if types.Nullable(l.Type()) && !types.Nullable(t) { // the list holds no null, but both sides need one type
		if _, query := list.(*ir.QueryExpr); !query {
			b.mayBeNull(l, x.L.Where())
			return b.bad(b.pos(x))
		}
		return &ir.In{At: b.at(x, types.Bool), X: l, List: list}
	}
	return &ir.In{At: b.at(x, types.Bool), X: b.fit(l, types.Widen(t), ""), List: list}
}

func isLitList(l *ir.ListLit) bool {
	for _, e := range l.Elems {
		if !isLit(e) {
			return false
		}
	}
	return true
}

func (b *body) arithmetic(x *ast.Binary) ir.Expr {
	l, r := b.infer(x.L, nil), b.infer(x.R, nil)
	if types.IsBad(l.Type()) || types.IsBad(r.Type()) {
		return b.bad(b.pos(x))
	}
	for _, e := range []ir.Expr{l, r} {
		if types.Nullable(e.Type()) {
			b.mayBeNull(e, e.Where().Span)
			return b.bad(b.pos(x))
		}
	}
	op := relation.Op(x.Op)
	result := func(t ir.Type, l, r ir.Expr) ir.Expr { return &ir.Binary{At: b.at(x, t), Op: op, L: l, R: r} }
	is := func(a, c ir.ScalarKind) bool { return types.IsScalar(l.Type(), a) && types.IsScalar(r.Type(), c) }
	plus, minus := op == relation.Add, op == relation.Subt
	switch {
	case plus && (types.IsScalar(l.Type(), ir.String) || types.IsScalar(r.Type(), ir.String)) && !is(ir.String, ir.String):
		f := b.errorf(x.Span, diag.CodeOperands, "`+` cannot join `%s` and `%s`", ir.TypeString(l.Type()), ir.TypeString(r.Type()))
		f.help("write one string with `{…}` for the values")
		return b.bad(b.pos(x))
	case plus && is(ir.String, ir.String):
		op = relation.Cat
		return result(types.String, l, r)
	case minus && is(ir.Time, ir.Time):
		return result(types.Duration, l, r)
	case (plus || minus) && is(ir.Time, ir.Duration):
		return result(types.Time, l, r)
	case (plus || minus) && is(ir.Duration, ir.Duration):
		return result(types.Duration, l, r)
	case op == relation.Mul && is(ir.Duration, ir.Int):
		return result(types.Duration, l, r)
	case op == relation.Mul && is(ir.Int, ir.Duration):
		return result(types.Duration, r, l)
	case op == relation.Div && is(ir.Duration, ir.Duration):
		return result(types.Float, l, r)
	case plus && types.IsList(l.Type()) && types.Same(l.Type(), r.Type()):
		return &ir.Builtin{At: b.at(x, types.Plain(l.Type())), Name: "concat", Args: []ir.Expr{l, r}}
	}
	if !types.IsScalar(l.Type(), ir.Int, ir.Float) || !types.IsScalar(r.Type(), ir.Int, ir.Float) {
		f := b.errorf(x.Span, diag.CodeOperands, "`%s` cannot take `%s` and `%s`", x.Op, ir.TypeString(l.Type()), ir.TypeString(r.Type()))
		unitHelp(f, l.Type(), r.Type())
		return b.bad(b.pos(x))
	}
	t := ir.Type(types.Int)
	if op == relation.Div || types.IsScalar(l.Type(), ir.Float) || types.IsScalar(r.Type(), ir.Float) {
		t = types.Float
	}
	return result(t, b.fit(l, t, ""), b.fit(r, t, ""))
}
