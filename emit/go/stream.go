package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// stream writes a stream of any form.
func (g *gen) stream(x *ir.Stream) {
	f := g.files.of(x.Module, "streams")
	e := g.arguments(f, x, x.Module, x.Name, x.Params)
	switch x.Form {
	case ir.LiveStream:
		g.liveStream(f, x, e)
	case ir.DerivedStream:
		g.derivedStream(f, x, e)
	case ir.PublishedStream:
		g.publishedStream(f, x, e)
	default:
		fail(x.Pos, "the stream %s has no form", x.Name)
	}
}

// liveStream writes a stream whose events come from writes: the runtime keeps its query live.
func (g *gen) liveStream(f *source, x *ir.Stream, e *entryPoint) {
	open := g.names.take("open" + exported(e.base))
	g.openQuery(
		f,
		open,
		"checks who may subscribe to stream "+e.wire()+", and returns the parameters of its query.",
		x.Doc,
		x.Query,
		e,
		&x.Access,
		x.Rates,
	)
	cycle := g.lifecycle(f, e, &x.Access, x.OnSubscribe, x.OnUnsubscribe, g.facts.Footprint(x))
	g.adds(x.Module, "AddStream", live("Stream").Types(jen.Id(e.args)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		if hasRate(x.Rates, ir.ByIP) {
			add("RateByIP", ratesBy(x.Rates, ir.ByIP))
		}
		add("Query", jen.Id(g.queryName(x.Query)))
		add("Decode", jen.Id(e.decode))
		add("Open", jen.Id(open))
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})
}

// openQuery writes the function that checks the caller and returns the arguments of a query. access is nil if the
// access is checked elsewhere.
func (g *gen) openQuery(f *source, name, about string, doc []string, q *ir.Query, e *entryPoint, access *ir.Access, rates []ir.Rate) {
	b := g.newBody(&ir.List{Elem: &ir.Null{}})
	b.bind(e)
	b.uses.query(q)
	if access != nil {
		b.uses.access(access)
		for _, r := range rates {
			b.uses.expr(r.Key)
		}
		b.access(access, e.wire(), rates)
	}
	if len(g.plan(q).Args) == 0 {
		b.add(jen.Return(jen.Nil(), jen.Nil()))
	} else {
		b.line(q.Pos)
		b.add(jen.Return(jen.Index().Add(rel("Value")).Values(b.queryArgs(q)...), jen.Nil()))
	}
	f.function(docOf(name+" "+about, doc),
		jen.Func().Id(name).Params(callParams(e)...).Params(jen.Index().Add(rel("Value")), jen.Error()).Block(b.finish()...), b.mapped)
}
