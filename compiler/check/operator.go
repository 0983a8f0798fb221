package check

import (
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
	l := b.infer(x.L, boolT)
	if nullable(l.Type()) && x.Op == "||" && !isScalar(elem(l.Type()), ir.Bool) && !isBad(l.Type()) {
		return b.orElse(x, l)
	}
	l = b.fit(l, boolT, "")
	before := b.facts
	b.facts = before.with(proves(l, x.Op == "&&"))
	r := b.expr(x.R, boolT)
	b.facts = before
	return &ir.Binary{At: b.at(x, boolT), Op: relation.Op(x.Op), L: l, R: r}
}

// orElse tells of `a || b` where `a ?? b` is meant.
func (b *body) orElse(x *ast.Binary, l ir.Expr) ir.Expr {
	r := b.infer(x.R, elem(l.Type()))
	at := source.Span{Start: x.L.Where().End, End: x.R.Where().Start}
	f := b.errorf(x.L.Where(), diag.CodeOperands, "`||` takes conditions, but this is `%s`", ir.TypeString(l.Type())).help("to replace null by another value, write `??`")
	if !isBad(r.Type()) && b.convertible(r.Type(), elem(l.Type())) {
		f.fix(b.m, at, "write `??`", " ?? ")
	}
	return &ir.Lit{At: b.at(x, bad)}
}

func (b *body) coalesce(x *ast.Binary, hint ir.Type) ir.Expr {
	l := b.infer(x.L, hint)
	before := b.facts
	r := b.infer(x.R, elemOrNil(hint, l.Type()))
	b.facts = before
	if isBad(l.Type()) || isBad(r.Type()) {
		return b.bad(b.pos(x))
	}
	if isNull(l) {
		b.errorf(x.L.Where(), diag.CodeOperands, "this is always null, so `??` always uses its right side").help("remove the `null ??`")
		return r
	}
	if !nullable(l.Type()) {
		if u, ok := l.(*ir.Unwrap); ok {
			b.errorf(x.L.Where(), diag.CodeOperands, "this is known not to be null here, so `??` has nothing to replace").help("remove the `??` and its right side").
				fix(b.m, source.Span{Start: x.L.Where().End, End: x.Span.End}, "remove the `??`", "")
			return u
		}
		b.errorf(x.L.Where(), diag.CodeOperands, "this is never null, so `??` has nothing to replace").help("remove the `??` and its right side").
			fix(b.m, source.Span{Start: x.L.Where().End, End: x.Span.End}, "remove the `??`", "")
		return l
	}
	t := elem(l.Type())
	if nullable(r.Type()) || isNull(r) {
		t = l.Type()
	}
	if isScalar(elem(t), ir.Int) && isScalar(elem(r.Type()), ir.Float) {
		if nullable(t) {
			t = optional(floatT)
		} else {
			t = floatT
		}
	}
	t = widen(t)
	r = b.fit(r, t, "")
	if l2, ok := b.convert(l, optional(t), ""); ok {
		l = l2
	}
	return &ir.Binary{At: b.at(x, t), Op: relation.Coal, L: l, R: r}
}

// widen is the type without its refinements, also inside of an optional.
func widen(t ir.Type) ir.Type {
	if o, ok := t.(*ir.Optional); ok {
		return optional(plain(o.Elem))
	}
	return plain(t)
}

func elemOrNil(hint, t ir.Type) ir.Type {
	if hint != nil {
		return hint
	}
	if isBad(t) {
		return nil
	}
	if o, ok := t.(*ir.Optional); ok {
		return o.Elem
	}
	return nil
}

// pair checks the two operands of a comparison and gives them one type.
func (b *body) pair(x *ast.Binary) (l, r ir.Expr, ok bool) {
	l, r = b.beside(x.L, x.R), b.beside(x.R, x.L)
	if isBad(l.Type()) || isBad(r.Type()) {
		return l, r, false
	}
	return b.align(x, l, r)
}

// align gives the operands of a comparison one type. It converts the side that is no field of a row where it can, so that an index on the field can be used.
func (b *body) align(x *ast.Binary, l, r ir.Expr) (ir.Expr, ir.Expr, bool) {
	lt, rt := l.Type(), r.Type()
	if isNull(l) || isNull(r) {
		return b.alignNull(x, l, r)
	}
	null := nullable(lt) || nullable(rt)
	le, re := widen(elem(lt)), widen(elem(rt))
	t := le
	switch {
	case same(le, re):
		if e, ok := le.(*ir.Enum); ok && e.Anonymous {
			t = re
		}
	case isScalar(le, ir.Int) && isScalar(re, ir.Float):
		t = re
	case isScalar(le, ir.Float) && isScalar(re, ir.Int):
	case isScalar(le, ir.ID) && isScalar(re, ir.String):
		if b.overRow(r) && !b.overRow(l) {
			t = re
		}
	case isScalar(le, ir.String) && isScalar(re, ir.ID):
		if !b.overRow(l) || b.overRow(r) {
			t = re
		}
	case isEnum(le) && isScalar(re, ir.String):
		if !isLit(r) {
			t = re
		}
	case isScalar(le, ir.String) && isEnum(re):
		if isLit(l) {
			t = re
		}
	default:
		f := b.errorf(x.Span, diag.CodeOperands, "`%s` and `%s` cannot be compared", ir.TypeString(lt), ir.TypeString(rt))
		unitHelp(f, le, re)
		return l, r, false
	}
	if null {
		t = optional(t)
	}
	return b.fit(l, t, ""), b.fit(r, t, ""), true
}

// unitHelp says how times and durations are written.
func unitHelp(f finding, l, r ir.Type) {
	either := func(a, b ir.ScalarKind) bool {
		return isScalar(l, a) && isScalar(r, b) || isScalar(l, b) && isScalar(r, a)
	}
	switch {
	case either(ir.Time, ir.String):
		f.help("read the time from a string: `\"2026-01-31T09:30:00Z\" as time`")
	case either(ir.Time, ir.Int), either(ir.Duration, ir.Int), either(ir.Time, ir.Float), either(ir.Duration, ir.Float):
		f.help("a duration has a unit, such as `5s`; `duration(n)` makes one from milliseconds")
	}
}

func isEnum(t ir.Type) bool {
	_, ok := t.(*ir.Enum)
	return ok
}

// overRow tells whether x hangs on the row of a pipeline.
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

// alignNull checks a comparison with null. What is known not to be null is still an optional by its declaration, and may be asked again.
func (b *body) alignNull(x *ast.Binary, l, r ir.Expr) (ir.Expr, ir.Expr, bool) {
	other, at := l, x.L
	if isNull(l) {
		other, at = r, x.R
	}
	if u, ok := other.(*ir.Unwrap); ok {
		other = u.X
	}
	if !nullable(other.Type()) {
		if isNull(other) {
			b.errorf(x.Span, diag.CodeOperands, "`null` is compared with `null`")
		} else {
			b.errorf(at.Where(), diag.CodeOperands, "this is never null").help("remove the comparison, or make the value optional where it is declared")
		}
		return l, r, false
	}
	null := &ir.Lit{At: ir.At{Pos: b.pos(x), T: other.Type()}}
	if isNull(l) {
		return null, other, true
	}
	return other, null, true
}

func (b *body) compare(x *ast.Binary) ir.Expr {
	l, r, ok := b.pair(x)
	out := &ir.Binary{At: b.at(x, boolT), Op: relation.Op(x.Op), L: l, R: r}
	if !ok {
		if isBad(l.Type()) || isBad(r.Type()) {
			return out
		}
		return b.bad(b.pos(x))
	}
	if isBad(l.Type()) || isBad(r.Type()) {
		return out
	}
	if p, is := ir.PathOf(l); is {
		if q, same := ir.PathOf(r); same && p == q {
			b.itself(x)
			return b.bad(b.pos(x))
		}
	}
	equality := x.Op == "==" || x.Op == "!="
	t := elem(l.Type())
	switch t := t.(type) {
	case *ir.Enum:
	case *ir.Scalar:
		if t.Kind == ir.JSON || t.Kind == ir.Bytes && !equality {
			b.errorf(x.Span, diag.CodeOperands, "values of `%s` have no order", ir.TypeString(t)).help("compare one of its parts")
			return b.bad(b.pos(x))
		}
		if t.Kind == ir.Bool && !equality {
			b.errorf(x.Span, diag.CodeOperands, "`%s` cannot compare values of `bool`", x.Op).help("compare with `==`, or combine with `&&` and `||`")
			return b.bad(b.pos(x))
		}
	default:
		if !equality || !isList(t) {
			if !isNull(l) && !isNull(r) {
				b.errorf(x.Span, diag.CodeOperands, "values of `%s` cannot be compared", ir.TypeString(t)).help("compare their fields instead")
				return b.bad(b.pos(x))
			}
		}
	}
	if b.doors && !isNull(l) && !isNull(r) && nullable(l.Type()) {
		side := x.L
		if !nullableSource(l) {
			side = x.R
		}
		b.errorf(side.Where(), diag.CodeOptionalPolicy, "this may be null, and null equals null, so the policy would allow too much").help("check it first: `… != null && …`")
	}
	return out
}

// itself tells of a value that is compared with itself, where most likely the field of the row is meant.
func (b *body) itself(x *ast.Binary) {
	f := b.errorf(x.Span, diag.CodeOperands, "this compares a value with itself")
	n, ok := x.L.(*ast.Name)
	if !ok || len(b.rows) == 0 {
		f.help("compare it with another value")
		return
	}
	if r, is := b.rows[len(b.rows)-1].row.Type.(*ir.Record); is && fieldOf(r, n.Name) != nil {
		f.help("the field of the row is `.%s`", n.Name).fix(b.m, n.Span, "write `."+n.Name+"`", "."+n.Name)
	}
}

func isList(t ir.Type) bool {
	_, ok := t.(*ir.List)
	return ok
}

// nullableSource tells whether x is an optional by itself and not made one for the comparison.
func nullableSource(x ir.Expr) bool { return nullable(x.Type()) && !wrapped(x) }

func (b *body) in(x *ast.Binary) ir.Expr {
	list := b.infer(x.R, nil)
	l := b.infer(x.L, nil)
	if isBad(list.Type()) || isBad(l.Type()) {
		return &ir.Lit{At: b.at(x, boolT), Value: false}
	}
	var t ir.Type
	switch lt := list.Type().(type) {
	case *ir.List:
		t = lt.Elem
	case *ir.Map:
		t = stringT
	case *ir.Optional:
		b.mayBeNull(list, x.R.Where())
		return b.bad(b.pos(x))
	default:
		b.errorf(x.R.Where(), diag.CodeOperands, "`in` needs a list, a map or a pipeline, but this is `%s`", ir.TypeString(lt)).help("to find a part of a string, use `contains(text, part)`")
		return b.bad(b.pos(x))
	}
	if lit, ok := list.(*ir.ListLit); ok && isLitList(lit) { // takes the type of what is looked for
		want := plain(elem(l.Type()))
		if e, is := b.convert(lit, &ir.List{Elem: want}, ""); is {
			list, t = e, want
		}
	}
	switch it := elem(t).(type) {
	case *ir.Scalar:
		if it.Kind == ir.JSON {
			b.errorf(x.Span, diag.CodeOperands, "values of `json` cannot be compared")
			return b.bad(b.pos(x))
		}
	case *ir.Enum:
	default:
		b.errorf(x.Span, diag.CodeOperands, "values of `%s` cannot be compared", ir.TypeString(t)).help("look for one of their fields: `… in (xs | map .id)`")
		return b.bad(b.pos(x))
	}
	if b.doors && nullableSource(l) {
		b.errorf(x.L.Where(), diag.CodeOptionalPolicy, "this may be null, and null must not pass a policy").help("check it first: `… != null && …`")
	}
	if nullable(l.Type()) && !nullable(t) { // null is in no list of values that are never null, but the comparison needs one type
		if _, query := list.(*ir.QueryExpr); !query {
			b.mayBeNull(l, x.L.Where())
			return b.bad(b.pos(x))
		}
		return &ir.In{At: b.at(x, boolT), X: l, List: list}
	}
	return &ir.In{At: b.at(x, boolT), X: b.fit(l, widen(t), ""), List: list}
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
	if isBad(l.Type()) || isBad(r.Type()) {
		return b.bad(b.pos(x))
	}
	for _, e := range []ir.Expr{l, r} {
		if nullable(e.Type()) {
			b.mayBeNull(e, e.Where().Span)
			return b.bad(b.pos(x))
		}
	}
	op := relation.Op(x.Op)
	result := func(t ir.Type, l, r ir.Expr) ir.Expr { return &ir.Binary{At: b.at(x, t), Op: op, L: l, R: r} }
	is := func(a, c ir.ScalarKind) bool { return isScalar(l.Type(), a) && isScalar(r.Type(), c) }
	plus, minus := op == relation.Add, op == relation.Subt
	switch {
	case plus && (isScalar(l.Type(), ir.String) || isScalar(r.Type(), ir.String)) && !is(ir.String, ir.String):
		f := b.errorf(x.Span, diag.CodeOperands, "`+` cannot join `%s` and `%s`", ir.TypeString(l.Type()), ir.TypeString(r.Type()))
		f.help("write one string with `{…}` for the values")
		return b.bad(b.pos(x))
	case plus && is(ir.String, ir.String):
		op = relation.Cat
		return result(stringT, l, r)
	case minus && is(ir.Time, ir.Time):
		return result(durationT, l, r)
	case (plus || minus) && is(ir.Time, ir.Duration):
		return result(timeT, l, r)
	case (plus || minus) && is(ir.Duration, ir.Duration):
		return result(durationT, l, r)
	case op == relation.Mul && is(ir.Duration, ir.Int):
		return result(durationT, l, r)
	case op == relation.Mul && is(ir.Int, ir.Duration):
		return result(durationT, r, l)
	case op == relation.Div && is(ir.Duration, ir.Duration):
		return result(floatT, l, r)
	case plus && isList(l.Type()) && same(l.Type(), r.Type()):
		return &ir.Builtin{At: b.at(x, plain(l.Type())), Name: "concat", Args: []ir.Expr{l, r}}
	}
	if !isScalar(l.Type(), ir.Int, ir.Float) || !isScalar(r.Type(), ir.Int, ir.Float) {
		f := b.errorf(x.Span, diag.CodeOperands, "`%s` cannot take `%s` and `%s`", x.Op, ir.TypeString(l.Type()), ir.TypeString(r.Type()))
		unitHelp(f, l.Type(), r.Type())
		return b.bad(b.pos(x))
	}
	t := ir.Type(intT)
	if op == relation.Div || isScalar(l.Type(), ir.Float) || isScalar(r.Type(), ir.Float) {
		t = floatT
	}
	return result(t, b.fit(l, t, ""), b.fit(r, t, ""))
}
