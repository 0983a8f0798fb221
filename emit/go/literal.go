package emitgo

import "github.com/dave/jennifer/jen"

// multi lays a composite literal out on one line or, if it is long, on several.
func multi(long bool) jen.Options {
	return jen.Options{Open: "{", Close: "}", Separator: ",", Multi: long}
}

// literal is a struct literal with its fields in the order they are added.
func (g *gen) literal(typ *jen.Statement, long bool, fields func(add func(name string, x jen.Code))) *jen.Statement {
	return literal(typ, long, fields)
}

func literal(typ *jen.Statement, long bool, fields func(add func(name string, x jen.Code))) *jen.Statement {
	return typ.CustomFunc(multi(long), func(b *jen.Group) {
		fields(func(name string, x jen.Code) { b.Id(name).Op(":").Add(x) })
	})
}
