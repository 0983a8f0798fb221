package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// arm is one arm of a match, as a statement or an expression.
type arm struct {
	values []ir.Expr // nil for `_`
	bind   *ir.Var
	body   func()
}

// match writes a match statement.
func (b *body) match(s *ir.Match) {
	b.line(s.Pos)
	arms := make([]arm, len(s.Arms))
	for i, a := range s.Arms {
		arms[i] = arm{a.Values, a.Bind, func() { b.statements(a.Body) }}
	}
	b.arms(s.X, arms)
}

// matchExpr writes a match that has a value.
func (b *body) matchExpr(x *ir.MatchExpr, want string) val {
	name := b.name(want, "choice")
	b.add(jen.Var().Id(name).Add(b.g.goType(x.T)))
	arms := make([]arm, len(x.Arms))
	for i, a := range x.Arms {
		arms[i] = arm{a.Values, a.Bind, func() { b.add(jen.Id(name).Op("=").Add(b.expr(a.X).any())) }}
	}
	b.arms(x.X, arms)
	b.took = want
	return simple(jen.Id(name))
}

// arms writes the choice of an arm. A match is exhaustive, so the last arm needs no test.
func (b *body) arms(x ir.Expr, arms []arm) {
	switch t := x.Type().(type) {
	case *ir.Union:
		b.unionArms(t, x, arms)
	case *ir.Optional:
		if u, ok := t.Elem.(*ir.Union); ok {
			b.unionArms(u, x, arms)
			return
		}
		b.optionalArms(x, arms)
	case *ir.Scalar:
		if t.Kind == ir.Float || !comparable(t) {
			b.armChain(x, arms)
			return
		}
		b.switchArms(x, arms)
	default:
		b.switchArms(x, arms)
	}
}

func (b *body) switchArms(x ir.Expr, arms []arm) {
	var cases []jen.Code
	subject := b.expr(x)
	for i, a := range arms {
		var values []jen.Code
		for _, v := range a.values {
			values = append(values, b.expr(v).any())
		}
		inner := b.block(a.body)
		if i == len(arms)-1 || a.values == nil {
			cases = append(cases, jen.Default().Block(inner...))
			break
		}
		cases = append(cases, jen.Case(values...).Block(inner...))
	}
	b.add(jen.Switch(subject.any()).Block(cases...))
}

// unionArms writes a type switch over a union. Bind has the type of the variant.
func (b *body) unionArms(u *ir.Union, x ir.Expr, arms []arm) {
	bound := false
	for _, a := range arms {
		bound = bound || a.bind != nil && b.uses.vars[a.bind] > 0
	}
	subject := b.expr(x).at(primaryPrec)
	if _, maybe := optional(x.Type()); maybe {
		subject = value("Or").Types(b.g.goType(u)).Call(subject, jen.Nil())
	}
	subject = subject.Assert(jen.Type())
	name := ""
	if bound {
		name = b.names.take("form")
		subject = jen.Id(name).Op(":=").Add(subject)
	}
	var cases []jen.Code
	for i, a := range arms {
		var forms []jen.Code
		for _, v := range a.values {
			lit, ok := v.(*ir.Lit)
			if !ok {
				continue
			}
			if lit.Value == nil {
				forms = append(forms, jen.Nil())
			}
			for _, variant := range u.Variants {
				if variant.Value == lit.Value {
					forms = append(forms, jen.Id(b.g.named(variant.Record)))
				}
			}
		}
		last := a.values == nil || i == len(arms)-1
		inner := b.block(func() {
			if a.bind != nil && b.uses.vars[a.bind] > 0 {
				form := name
				if last && len(forms) == 1 { // in a default case the variable has the type of the union
					form = b.names.take(a.bind.Name)
					b.add(jen.Id(form).Op(":=").Id(name).Assert(jen.Add(forms[0])))
				}
				b.vars[a.bind] = simple(jen.Id(form))
			}
			a.body()
		})
		if last {
			cases = append(cases, jen.Default().Block(inner...))
			break
		}
		cases = append(cases, jen.Case(forms...).Block(inner...))
	}
	b.add(jen.Switch(subject).Block(cases...))
}

// optionalArms tests for null first if an arm matches only null, and then the value.
func (b *body) optionalArms(x ir.Expr, arms []arm) {
	elem, _ := optional(x.Type())
	null := -1
	var others []arm
	for i, a := range arms {
		if null < 0 && len(a.values) == 1 && isNil(a.values[0]) {
			null = i
			continue
		}
		o := a
		o.values = nil
		for _, v := range a.values {
			w, ok := v.(*ir.Wrap)
			if !ok {
				b.armChain(x, arms)
				return
			}
			o.values = append(o.values, w.X)
		}
		others = append(others, o)
	}
	if null < 0 || len(others) == 0 {
		b.armChain(x, arms)
		return
	}
	subject := b.keep(b.expr(x), "subject")
	v := &ir.Var{Name: "subject", Type: elem}
	b.vars[v] = val{code: subject.at(primaryPrec), prec: unaryPrec, deref: true, plain: true}
	absent := b.block(arms[null].body)
	present := b.block(func() { b.arms(&ir.Local{At: ir.At{Pos: x.Where(), T: elem}, Var: v}, others) })
	b.add(jen.If(subject.at(comparePrec + 1).Op("==").Nil()).Block(absent...).Else().Block(present...))
}

// armChain writes a chain of tests, one for each arm.
func (b *body) armChain(x ir.Expr, arms []arm) {
	subject := b.keep(b.expr(x), "subject")
	var write func(arms []arm)
	write = func(arms []arm) {
		a := arms[0]
		if a.bind != nil {
			b.vars[a.bind] = subject
		}
		if len(arms) == 1 || a.values == nil {
			a.body()
			return
		}
		var cond *jen.Statement
		for _, v := range a.values {
			test := b.equal(x.Type(), subject, b.expr(v), isNil(v))
			if cond == nil {
				cond = test.any()
				continue
			}
			cond = jen.Add(cond).Op("||").Add(test.any())
		}
		b.add(jen.If(cond).Block(b.block(a.body)...).Else().Block(b.block(func() { write(arms[1:]) })...))
	}
	write(arms)
}
