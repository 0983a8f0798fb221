package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

func (b *body) unary(x *ir.Unary) val {
	v := b.expr(x.X)
	if x.Op == relation.Not {
		return negated(v)
	}
	return val{code: jen.Op("-").Add(v.at(unaryPrec)), prec: unaryPrec, untyped: v.untyped}
}

func (b *body) binary(x *ir.Binary, want string) val {
	switch x.Op {
	case relation.And, relation.Or:
		return b.logic(x, want)
	case relation.Coal:
		return b.coalesce(x, want)
	}
	vs := b.exprs([]ir.Expr{x.L, x.R})
	l, r := vs[0], vs[1]
	t := x.L.Type()
	if isNull(t) {
		t = x.R.Type()
	}
	switch x.Op {
	case relation.Eq, relation.Ne:
		eq := b.equal(t, l, r, isNull(x.L.Type()) || isNull(x.R.Type()) || isNil(x.L) || isNil(x.R))
		if x.Op == relation.Eq {
			return eq
		}
		return negated(eq)
	case relation.Lt, relation.Le, relation.Gt, relation.Ge:
		return b.less(t, x.Op, l, r)
	}
	return b.arithmetic(x, l, r, want)
}

// isNil reports whether an expression is the literal null, possibly converted to a type.
func isNil(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Lit:
		return x.Value == nil
	case *ir.Wrap:
		return isNil(x.X)
	}
	return false
}

// negated returns the negation of a condition.
func negated(v val) val {
	if v.opposite != nil {
		return *v.opposite
	}
	return val{code: jen.Op("!").Add(v.at(unaryPrec)), prec: unaryPrec, opposite: &v}
}

// opposed returns a condition with its negation.
func opposed(test, opposite val) val {
	whole := test
	opposite.opposite = &whole
	test.opposite = &opposite
	return test
}

// equal compares two values of type t. null says whether null may occur; null equals null.
func (b *body) equal(t ir.Type, l, r val, null bool) val {
	plain := func(l, r *jen.Statement) val {
		return opposed(val{code: jen.Add(l).Op("==").Add(r), prec: comparePrec}, val{code: jen.Add(l).Op("!=").Add(r), prec: comparePrec})
	}
	if null || comparable(t) {
		return plain(l.at(comparePrec+1), r.at(comparePrec+1))
	}
	switch kindOf(t) {
	case ir.Time:
		return call(l.dot("Equal").Call(r.any()))
	case ir.Bytes:
		return call(jen.Qual("bytes", "Equal").Call(l.any(), r.any()))
	case ir.JSON:
		return call(value("EqualJSON").Call(l.any(), r.any()))
	}
	if elem, ok := optional(t); ok {
		switch {
		case comparable(elem):
			return call(value("EqualOptional").Call(l.any(), r.any()))
		case kindOf(elem) == ir.Time:
			return call(value("EqualTime").Call(l.any(), r.any()))
		}
	}
	return call(value("Equal").Call(l.any(), r.any()))
}

// less compares two values by order. All orders are total, so the negation of < is >=.
func (b *body) less(t ir.Type, op relation.Op, l, r val) val {
	return opposed(b.ordered(t, op, l, r), b.ordered(t, opposites[op], l, r))
}

// opposites are the comparison operators with their negations.
var opposites = map[relation.Op]relation.Op{
	relation.Lt: relation.Ge,
	relation.Ge: relation.Lt,
	relation.Gt: relation.Le,
	relation.Le: relation.Gt,
}

func (b *body) ordered(t ir.Type, op relation.Op, l, r val) val {
	switch kindOf(t) {
	case ir.String, ir.ID, ir.Int, ir.Float, ir.Duration:
		return val{code: l.at(comparePrec + 1).Op(string(op)).Add(r.at(comparePrec + 1)), prec: comparePrec}
	case ir.Time:
		switch op {
		case relation.Lt:
			return call(l.dot("Before").Call(r.any()))
		case relation.Gt:
			return call(l.dot("After").Call(r.any()))
		}
	default: // Go has no such operator
	}
	return val{code: b.g.compare(t, l, r).Op(string(op)).Lit(0), prec: comparePrec}
}

// compare returns a call that orders two values: negative, zero or positive.
func (g *gen) compare(t ir.Type, l, r val) *jen.Statement {
	if kindOf(t) == ir.Time {
		return l.dot("Compare").Call(r.any())
	}
	if elem, ok := optional(t); ok {
		return value("CompareOptional").Call(l.any(), r.any(), g.compareFunc(elem))
	}
	return g.compareFunc(t).Call(l.any(), r.any())
}

// compareFunc returns a function that orders two values of type t.
func (g *gen) compareFunc(t ir.Type) *jen.Statement {
	switch t := t.(type) {
	case *ir.Enum:
		return jen.Id(g.codecs.order(t))
	case *ir.Scalar:
		switch t.Kind {
		case ir.Time:
			return jen.Qual("time", "Time").Dot("Compare")
		case ir.Bool:
			return value("CompareBool")
		case ir.Bytes:
			return jen.Qual("bytes", "Compare")
		}
	}
	return jen.Qual("cmp", "Compare").Types(g.goType(t))
}

// logic writes && or ||. If the right side needs statements, they run only if the left side does not decide the result.
func (b *body) logic(x *ir.Binary, want string) val {
	l := b.expr(x.L)
	var r val
	before := b.block(func() { r = b.expr(x.R) })
	if len(before) == 0 {
		return junction(x.Op, l, r)
	}
	name := b.name(want, "ok")
	b.add(jen.Id(name).Op(":=").Add(l.any()))
	cond := jen.Id(name)
	if x.Op == relation.Or {
		cond = jen.Op("!").Id(name)
	}
	b.add(jen.If(cond).Block(append(before, jen.Id(name).Op("=").Add(r.any()))...))
	b.took = want
	return simple(jen.Id(name))
}

// junction combines two conditions with && or ||. Its negation combines their negations with the other operator (De Morgan).
func junction(op relation.Op, l, r val) val {
	of := func(op relation.Op, l, r val) val {
		prec := andPrec
		if op == relation.Or {
			prec = orPrec
		}
		return val{code: l.at(prec).Op(string(op)).Add(r.at(prec + 1)), prec: prec}
	}
	other := relation.And
	if op == relation.And {
		other = relation.Or
	}
	return opposed(of(op, l, r), of(other, negated(l), negated(r)))
}

// coalesce writes the left value or, if it is null, the right one.
func (b *body) coalesce(x *ir.Binary, want string) val {
	l := b.expr(x.L)
	_, stays := optional(x.T)
	var r val
	before := b.block(func() { r = b.expr(x.R) })
	if len(before) == 0 && !stays {
		return call(value("Or").Call(l.any(), r.any()))
	}
	name := b.name(want, "value")
	l = b.keep(l, "value")
	if stays {
		b.add(jen.Id(name).Op(":=").Add(l.any()))
		b.add(jen.If(jen.Id(name).Op("==").Nil()).Block(append(before, jen.Id(name).Op("=").Add(r.any()))...))
	} else {
		b.add(jen.Var().Id(name).Add(b.g.goType(x.T)))
		b.add(jen.If(l.at(comparePrec).Op("!=").Nil()).Block(jen.Id(name).Op("=").Op("*").Add(l.at(primaryPrec))).
			Else().Block(append(before, jen.Id(name).Op("=").Add(r.any()))...))
	}
	b.took = want
	return simple(jen.Id(name))
}

// intOps are the operators on ints that can fail.
var intOps = map[relation.Op]string{
	relation.Add:  "Add",
	relation.Subt: "Sub",
	relation.Mul:  "Mul",
	relation.IDiv: "IntDiv",
	relation.Mod:  "Mod",
}

// opNames are variable names for the results of operators.
var opNames = map[relation.Op]string{
	relation.Add:  "sum",
	relation.Subt: "difference",
	relation.Mul:  "product",
	relation.Div:  "quotient",
	relation.IDiv: "quotient",
	relation.Mod:  "remainder",
}

func (b *body) arithmetic(x *ir.Binary, l, r val, want string) val {
	left, right := kindOf(x.L.Type()), kindOf(x.R.Type())
	checked := func(fn string, args ...jen.Code) val {
		return b.try(b.name(want, opNames[x.Op]), value(fn).Call(args...))
	}
	switch {
	case left == ir.Time && right == ir.Time:
		return checked("Between", l.any(), r.any())
	case left == ir.Time && x.Op == relation.Subt:
		return checked("Shift", l.any(), jen.Op("-").Add(r.at(unaryPrec)))
	case left == ir.Time:
		return checked("Shift", l.any(), r.any())
	case right == ir.Time:
		return checked("Shift", r.any(), l.any())
	case left == ir.Duration && right == ir.Duration && x.Op == relation.Add:
		return checked("AddDuration", l.any(), r.any())
	case left == ir.Duration && right == ir.Duration && x.Op == relation.Subt:
		return checked("AddDuration", l.any(), jen.Op("-").Add(r.at(unaryPrec)))
	case left == ir.Duration && right == ir.Duration && x.Op == relation.Div:
		return checked("Div", jen.Float64().Parens(l.any()), jen.Float64().Parens(r.any()))
	case left == ir.Duration && right == ir.Int:
		return checked("Times", l.any(), r.any())
	case left == ir.Int && right == ir.Duration:
		return checked("Times", r.any(), l.any())
	case x.Op == relation.Div:
		if left == ir.Int {
			return checked("Div", jen.Float64().Parens(l.any()), jen.Float64().Parens(r.any()))
		}
		return checked("Div", l.any(), r.any())
	case left == ir.Int:
		return checked(intOps[x.Op], l.any(), r.any())
	case left == ir.Float && x.Op == relation.Mod:
		return checked("FloatMod", l.any(), r.any())
	case left == ir.Float:
		prec := addPrec
		if x.Op == relation.Mul {
			prec = mulPrec
		}
		return checked("Finite", l.at(prec).Op(string(x.Op)).Add(r.at(prec+1)))
	case x.Op == relation.Add, x.Op == relation.Cat:
		if _, list := x.T.(*ir.List); list {
			return call(value("Concat").Call(l.any(), r.any()))
		}
		return cat([]ir.Expr{x.L, x.R}, []val{l, r})
	}
	fail(x.Pos, "no Go for the operator %s", x.Op)
	return val{}
}

// in writes a test whether a list or map contains a value.
func (b *body) in(x *ir.In) val {
	vs := b.exprs([]ir.Expr{x.X, x.List})
	elem := x.X.Type()
	switch t := x.List.Type().(type) {
	case *ir.Map:
		return call(value("Has").Call(vs[1].any(), vs[0].any()))
	case *ir.List:
		elem = t.Elem
	}
	return call(b.has(elem, vs[1], vs[0]))
}

// has writes a test whether a list contains an element.
func (b *body) has(elem ir.Type, list, x val) *jen.Statement {
	if comparable(elem) {
		return jen.Qual("slices", "Contains").Call(list.any(), x.any())
	}
	sought := b.keep(x, "sought")
	return jen.Qual("slices", "ContainsFunc").Call(list.any(), jen.Func().Params(jen.Id("x").Add(b.g.goType(elem))).Bool().Block(
		jen.Return(b.equal(elem, simple(jen.Id("x")), sought, false).any())))
}
