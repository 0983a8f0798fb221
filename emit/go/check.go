package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// toEnum converts a string to an enum, or fails if it is not one of the enum's values.
func (b *body) toEnum(x *ir.ToEnum, want string) val {
	v := b.expr(x.X)
	e, ok := x.T.(*ir.Enum)
	if !ok {
		fail(x.Pos, "ToEnum gives a %T", x.T)
	}
	return b.try(b.name(want, e.Name), live("ToEnum").CallFunc(func(g *jen.Group) {
		g.Add(v.any())
		b.g.named(e)
		for _, name := range b.g.values[e] {
			g.Id(name)
		}
	}))
}

// checked writes the tests of a refinement for a value of a wider type.
func (b *body) checked(x *ir.Check, want string) val {
	v := b.keepAs(b.exprAs(x.X, want), want, lastName(x.Path))
	b.add(b.tests(x.T, v, jen.Lit(x.Path), 0)...)
	return v
}

// tests writes the tests of all refinements in a type on a value. path is its place in messages. depth distinguishes nested loops.
func (b *body) tests(t ir.Type, v val, path *jen.Statement, depth int) []jen.Code {
	var out []jen.Code
	for _, c := range b.g.refinement(t, v.any()) {
		out = append(out, jen.If(c.bad).Block(b.fail(live("Invalid").Call(path, jen.Lit(c.message)))...))
	}
	switch t := t.(type) {
	case *ir.Optional:
		some := val{code: v.at(primaryPrec), prec: unaryPrec, deref: true}
		if inner := b.tests(t.Elem, some, path, depth); len(inner) > 0 {
			out = append(out, jen.If(v.at(comparePrec+1).Op("!=").Nil()).Block(inner...))
		}
	case *ir.List:
		i, item := loopName("i", depth), loopName("item", depth)
		if inner := b.tests(t.Elem, simple(jen.Id(item)), live("Element").Call(path, jen.Id(i)), depth+1); len(inner) > 0 {
			out = append(out, jen.For(jen.List(jen.Id(i), jen.Id(item)).Op(":=").Range().Add(v.any())).Block(inner...))
		}
	case *ir.Map:
		k, item := loopName("key", depth), loopName("item", depth)
		if inner := b.tests(t.Elem, simple(jen.Id(item)), live("Member").Call(path, jen.Id(k)), depth+1); len(inner) > 0 {
			out = append(out, jen.For(jen.List(jen.Id(k), jen.Id(item)).Op(":=").Range().Add(v.any())).Block(inner...))
		}
	}
	return out
}

// loopName returns the name of a loop variable at a nesting depth.
func loopName(name string, depth int) string {
	if depth == 0 {
		return name
	}
	return name + itoa(depth+1)
}

// keepAs is keep with a requested name.
func (b *body) keepAs(v val, want, fallback string) val {
	if v.plain {
		return v
	}
	name := b.name(want, fallback)
	b.add(jen.Id(name).Op(":=").Add(v.typed()))
	return simple(jen.Id(name))
}

func lastName(path string) string {
	_, name := cutName(path)
	return name
}
