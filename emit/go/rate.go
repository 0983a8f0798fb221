package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// rates writes the rate limits by user and by expression. Rate limits by address are a field of the registration.
func (b *body) rates(name string, rates []ir.Rate) {
	for i, r := range rates {
		if r.By == ir.ByIP {
			continue
		}
		b.line(r.Pos)
		id := jen.Lit(name + "#" + itoa(i+1))
		if r.By == ir.ByUser {
			b.check(jen.Id("c").Dot("LimitUser").Call(id, rateLit(r)))
			continue
		}
		b.check(jen.Id("c").Dot("Limit").Call(id, rateLit(r), b.keyText(r.Key)))
	}
}

// keyText returns a value as a string that is different for different values.
func (b *body) keyText(x ir.Expr) *jen.Statement {
	v := b.expr(x)
	if isText(x.Type()) {
		return v.any()
	}
	return value("Text").Call(v.typed(), b.g.encodeFunc(x.Type(), true))
}

func rateLit(r ir.Rate) *jen.Statement {
	return literal(live("Rate"), false, func(add func(string, jen.Code)) {
		add("Limit", jen.Lit(int(r.Limit)))
		add("Per", durationLit(r.Per).any())
	})
}

// ratesBy returns the rate limits of one kind as a field of the registration.
func ratesBy(rates []ir.Rate, by ir.RateBy) *jen.Statement {
	return jen.Index().Add(live("Rate")).ValuesFunc(func(g *jen.Group) {
		for _, r := range rates {
			if r.By == by {
				g.ValuesFunc(func(g *jen.Group) {
					g.Id("Limit").Op(":").Lit(int(r.Limit))
					g.Id("Per").Op(":").Add(durationLit(r.Per).any())
				})
			}
		}
	})
}

func hasRate(rates []ir.Rate, by ir.RateBy) bool {
	for _, r := range rates {
		if r.By == by {
			return true
		}
	}
	return false
}
