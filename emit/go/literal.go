package emitgo

import (
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// multi puts a composite literal on one line, or on several if it is long.
func multi(long bool) jen.Options {
	return jen.Options{Open: "{", Close: "}", Separator: ",", Multi: long}
}

// literal returns a struct literal with its fields in the order in which they are added.
func (g *gen) literal(typ *jen.Statement, long bool, fields func(add func(name string, x jen.Code))) *jen.Statement {
	return literal(typ, long, fields)
}

func literal(typ *jen.Statement, long bool, fields func(add func(name string, x jen.Code))) *jen.Statement {
	return typ.CustomFunc(multi(long), func(b *jen.Group) {
		fields(func(name string, x jen.Code) { b.Id(name).Op(":").Add(x) })
	})
}

// lit writes a literal.
func (g *gen) lit(x *ir.Lit) val {
	if x.Value == nil {
		return simple(jen.Nil())
	}
	elem, _ := optional(x.T)
	switch v := x.Value.(type) {
	case string:
		if e, ok := elem.(*ir.Enum); ok {
			return simple(g.enumValue(e, v))
		}
		if kindOf(elem) == ir.JSON {
			return call(jen.Qual("encoding/json", "RawMessage").Call(jen.Lit(quote(v))))
		}
		return call(jen.Lit(v))
	case bool:
		return simple(jen.Lit(v))
	case float64:
		return val{code: jen.Lit(v), prec: signPrec(v < 0)}
	case int64:
		switch kindOf(elem) {
		case ir.Duration:
			return durationLit(time.Duration(v) * time.Millisecond)
		case ir.Float:
			return val{code: jen.Lit(float64(v)), prec: signPrec(v < 0)}
		}
		return val{code: jen.Lit(int(v)), prec: signPrec(v < 0), untyped: true}
	}
	fail(x.Pos, "no Go for a literal of type %T", x.Value)
	return val{}
}

func signPrec(negative bool) int {
	if negative {
		return unaryPrec
	}
	return primaryPrec
}

// durationUnits are the units of time.Duration, the largest first.
var durationUnits = []struct {
	unit time.Duration
	name string
}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}}

// durationLit writes a duration with the largest unit that divides it.
func durationLit(d time.Duration) val {
	if d == 0 {
		return val{code: jen.Qual("time", "Duration").Call(jen.Lit(0)), prec: primaryPrec}
	}
	for _, u := range durationUnits {
		if d%u.unit == 0 {
			unit := jen.Qual("time", u.name)
			if d == u.unit {
				return simple(unit)
			}
			return val{code: jen.Lit(int(d / u.unit)).Op("*").Add(unit), prec: mulPrec}
		}
	}
	return call(jen.Qual("time", "Duration").Call(jen.Lit(int(d))))
}

// rawLit returns a string literal without escapes if possible.
func rawLit(s string) *jen.Statement {
	for _, r := range s {
		if r == '`' || r == '\r' || r == '\uFEFF' || r < ' ' && r != '\n' && r != '\t' {
			return jen.Lit(s)
		}
	}
	return jen.Op("`" + s + "`")
}
