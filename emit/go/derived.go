package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// derivedStream writes a stream that is computed anew when what it read changes.
func (g *gen) derivedStream(f *source, x *ir.Stream, e *entry) {
	open := g.openTopic(f, e, &x.Access, x.Rates, g.derivedTopic(x, e), x.Doc)
	g.addDerived(f, x, e, open, e.wire(), "")
}

// derivedTopic names the topic of a derived stream: by its arguments and by all of ctx that its value can hang on.
func (g *gen) derivedTopic(x *ir.Stream, e *entry) func(b *body) *jen.Statement {
	u := newUses()
	u.block(x.Body)
	ip, path := false, false
	eachExpr(x.Body, func(x ir.Expr) {
		switch x.(type) {
		case *ir.CtxIP:
			ip = true
		case *ir.CtxPath:
			path = true
		}
	}, func(ir.Stmt) {})
	return func(b *body) *jen.Statement {
		var parts []jen.Code
		part := func(x jen.Code, t ir.Type) { parts = append(parts, value("ToJSON").Call(x, g.encodeFunc(t, true))) }
		for i, p := range e.params {
			part(jen.Id("a").Dot(e.field(i)), p.Type)
		}
		if u.user {
			if b.user == "" {
				b.user = b.names.take("user")
			}
			part(jen.Id(b.user), &ir.Optional{Elem: g.p.User})
		}
		for _, use := range x.Access.Guards {
			if u.added[use.Guard] {
				part(jen.Id(b.added[use.Guard]), use.Guard.Adds)
			}
		}
		if ip {
			part(jen.Id("c").Dot("IP").Call(), &ir.Scalar{Kind: ir.String})
		}
		if path {
			part(jen.Id("c").Dot("Path").Call(), &ir.Scalar{Kind: ir.String})
		}
		if len(parts) == 0 {
			return jen.Nil()
		}
		return value("Topic").Call(parts...)
	}
}

// addDerived registers a derived stream. judge is the entry of the contract that judges its arguments, where that has another name.
func (g *gen) addDerived(f *source, x *ir.Stream, e *entry, open, name, judge string) {
	compute := g.valueFuncOf(f, "compute"+exported(g.funcName[x]), "gives the value of stream "+name+".", x.Value, x.Body, e, &x.Access)
	cycle := g.lifecycle(f, e, &x.Access, x.OnSubscribe, x.OnUnsubscribe, x.Effects.Mode)
	g.registers(x.Module, live("AddDerived").Call(jen.Id("r"), literal(live("Derived").Types(jen.Id(e.args)), true, func(add func(string, jen.Code)) {
		add("Name", jen.Lit(name))
		if judge != "" {
			add("Judge", jen.Lit(judge))
		}
		add("Mode", readMode(x.Effects.Mode))
		if hasRate(x.Rates, ir.ByIP) {
			add("RateByIP", ratesBy(x.Rates, ir.ByIP))
		}
		if x.Debounce > 0 {
			add("Debounce", durationLit(x.Debounce).any())
		}
		g.decoders(e, add)
		add("Open", jen.Id(open))
		add("Compute", live("Appending").Call(jen.Id(compute), g.encodeFunc(x.Value, false)))
		var tables, streams []jen.Code
		for _, s := range x.Sources {
			switch {
			case s.Table != nil:
				tables = append(tables, jen.Id(g.tableVar[s.Table]))
			case s.Stream != nil:
				streams = append(streams, jen.Lit(entryName(s.Stream.Module, s.Stream.Name)))
			}
		}
		if len(tables) > 0 {
			add("Tables", jen.Index().Op("*").Add(rel("Table")).Values(tables...))
		}
		if len(streams) > 0 {
			add("Streams", jen.Index().String().Values(streams...))
		}
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})))
}
