package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// channel writes a channel.
func (g *gen) channel(x *ir.Channel) {
	f := g.files.of(x.Module, "channels")
	e := g.arguments(f, x, x.Module, x.Name, x.Params)
	does := g.facts.Footprint(x)
	topic := g.topic(f, x, e)
	open := g.openTopic(f, e, &x.Access, nil, func(b *body) *jen.Statement { return b.topicCall(topic, e) }, x.Doc)
	writers := ""
	if len(x.Writers.Guards) > 0 {
		writers = g.names.take("writers" + exported(e.base))
		b := g.newBody(nil)
		b.bind(e)
		b.uses.access(&x.Writers)
		b.access(&x.Writers, e.wire(), nil)
		b.add(jen.Return(jen.Nil()))
		f.function([]string{writers + " checks who may publish to " + e.wire() + "."},
			jen.Func().Id(writers).Params(callParams(e)...).Error().Block(b.finish()...), b.mapped)
	}
	limit := g.limitFunc(f, e, x.Rates)
	cycle := g.lifecycle(f, e, &x.Access, x.OnSubscribe, x.OnUnsubscribe, does)
	g.adds(x.Module, "AddChannel", live("Channel").Types(jen.Id(e.args)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		add("Mode", readMode(does.Mode))
		g.addRates(x.Rates, add)
		add("Merge", mergeLit(x.Merge))
		if x.Expire > 0 {
			add("Expire", durationLit(x.Expire).any())
		}
		add("Decode", jen.Id(e.decode))
		add("Open", jen.Id(open))
		if x.Writable {
			add("Event", g.eventOf(f, e, x.Declared))
		}
		if writers != "" {
			add("Writers", jen.Id(writers))
		}
		if limit != "" {
			add("Limit", jen.Id(limit))
		}
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})
}

// addRates adds the rate limits by address and by user to a registration.
func (g *gen) addRates(rates []ir.Rate, add func(string, jen.Code)) {
	if hasRate(rates, ir.ByIP) {
		add("RateByIP", ratesBy(rates, ir.ByIP))
	}
	if hasRate(rates, ir.ByUser) {
		add("Rates", ratesBy(rates, ir.ByUser))
	}
}

// limitFunc writes the function for rate limits by an expression, and returns its name; "" if there are none.
func (g *gen) limitFunc(f *source, e *entryPoint, rates []ir.Rate) string {
	var by []ir.Rate
	for _, r := range rates {
		if r.By == ir.ByExpr {
			by = append(by, r)
		}
	}
	if len(by) == 0 {
		return ""
	}
	name := g.names.take("limit" + exported(e.base))
	b := g.newBody(nil)
	b.bind(e)
	for _, r := range by {
		b.uses.expr(r.Key)
	}
	b.rates(e.wire(), by)
	b.add(jen.Return(jen.Nil()))
	f.function([]string{name + " counts the events published to " + e.wire() + "."},
		jen.Func().Id(name).Params(callParams(e)...).Error().Block(b.finish()...), b.mapped)
	return name
}

// eventOf returns the decoder of the events that clients publish.
func (g *gen) eventOf(f *source, e *entryPoint, t ir.Type) *jen.Statement {
	decode := ""
	switch t.(type) {
	case *ir.Record, *ir.Enum, *ir.Union:
		decode = g.codecs.use(t, decodeJSON)
	default:
		decode = g.names.take("decode" + exported(e.base) + "Event")
		f.gap()
		f.comment(decode + " decodes the events that clients publish to " + e.wire() + ".")
		decoder := jen.Func().Id(decode).Params(jen.Id("d").Op("*").Add(value("Decoder")))
		f.body = append(f.body, decoder.Params(jen.Id("v").Add(g.goType(t))).Block(
			append(g.decodeInto(t, jen.Id("v"), 0), jen.Return(jen.Id("v")))...))
	}
	return live("EventOf").Call(jen.Id(decode), g.encodeFunc(t, false))
}
