package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// publishedStream writes a stream whose first value comes from its body, and whose events are published.
func (g *gen) publishedStream(f *source, x *ir.Stream, e *entryPoint) {
	does := g.facts.Footprint(x)
	topic := g.topic(f, x, e)
	open := g.openTopic(f, e, &x.Access, x.Rates, func(b *body) *jen.Statement { return b.topicCall(topic, e) }, x.Doc)
	first := g.valueFuncOf(f, "first"+exported(e.base), "returns the first value of stream "+e.wire()+".", x.Value, x.Body, e, &x.Access)
	cycle := g.lifecycle(f, e, &x.Access, x.OnSubscribe, x.OnUnsubscribe, does)
	g.adds(x.Module, "AddPublished", live("Published").Types(jen.Id(e.args)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		add("Mode", readMode(does.Mode))
		if hasRate(x.Rates, ir.ByIP) {
			add("RateByIP", ratesBy(x.Rates, ir.ByIP))
		}
		add("Merge", mergeLit(x.Merge))
		if x.Replay != (ir.Replay{}) {
			add("Replay", literal(live("Replay"), false, func(add func(string, jen.Code)) {
				if x.Replay.Count > 0 {
					add("Count", jen.Lit(int(x.Replay.Count)))
				}
				if x.Replay.Age > 0 {
					add("Age", durationLit(x.Replay.Age).any())
				}
			}))
		}
		add("Decode", jen.Id(e.decode))
		add("Open", jen.Id(open))
		add("First", live("Appending").Call(jen.Id(first), g.encodeFunc(x.Value, false)))
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})
}

var mergeNames = map[ir.MergeKind]string{
	ir.MergeCrud:     "MergeCrud",
	ir.MergeLatest:   "MergeLatest",
	ir.MergeSet:      "MergeSet",
	ir.MergePresence: "MergePresence",
	ir.MergeCursor:   "MergeCursor",
}

func mergeLit(m *ir.Merge) *jen.Statement {
	return literal(live("Merge"), false, func(add func(string, jen.Code)) {
		add("Kind", live(mergeNames[m.Kind]))
		if len(m.Key) > 0 {
			names := make([]string, len(m.Key))
			for i, f := range m.Key {
				names[i] = f.Name
			}
			add("Key", texts(names))
		}
		if m.Kind == ir.MergeLatest {
			add("Max", jen.Lit(int(m.Max)))
		}
		if m.Prepend {
			add("Prepend", jen.True())
		}
	})
}

// topic writes the function that returns the topic for the arguments of a stream; publish calls it too. It returns the
// function's name, or "" if the stream has no parameters, and so only one topic.
func (g *gen) topic(f *source, x any, e *entryPoint) string {
	if len(e.params) == 0 {
		return ""
	}
	name := g.topicName(x)
	b := g.newBody(nil)
	params := b.params(e.params)
	var parts []jen.Code
	for _, p := range e.params {
		// Arguments from clients contain no secrets, and the console shows topics.
		parts = append(parts, value("ToJSON").Call(b.vars[p].code, g.encodeFunc(p.Type, false)))
	}
	f.gap()
	f.comment(name + " names a topic of " + e.wire() + ".")
	f.body = append(f.body, jen.Func().Id(name).Params(params...).Index().Byte().Block(jen.Return(value("Topic").Call(parts...))))
	return name
}

// topicName returns the name of that function, or of the one that makes the arguments of a signal. It may be called
// before the function is written.
func (g *gen) topicName(x any) string {
	if name, ok := g.topics[x]; ok {
		return name
	}
	prefix := "topic"
	if _, signal := x.(*ir.Signal); signal {
		prefix = "args"
	}
	name := g.names.take(prefix + exported(g.funcName[x]))
	g.topics[x] = name
	return name
}

// topicCall returns the topic for the current arguments.
func (b *body) topicCall(topic string, e *entryPoint) *jen.Statement {
	if topic == "" {
		return jen.Nil()
	}
	var args []jen.Code
	for _, p := range e.params {
		args = append(args, b.vars[p].any())
	}
	return jen.Id(topic).Call(args...)
}

// openTopic writes the function that checks the caller and returns the topic.
func (g *gen) openTopic(f *source, e *entryPoint, access *ir.Access, rates []ir.Rate, topic func(b *body) *jen.Statement,
	doc []string) string {
	name := g.names.take("open" + exported(e.base))
	b := g.newBody(&ir.List{Elem: &ir.Null{}})
	b.bind(e)
	b.uses.access(access)
	for _, r := range rates {
		b.uses.expr(r.Key)
	}
	b.access(access, e.wire(), rates)
	b.add(jen.Return(topic(b), jen.Nil()))
	f.function(docOf(name+" checks who may subscribe to "+e.wire()+", and names the topic.", doc),
		jen.Func().Id(name).Params(callParams(e)...).Params(jen.Index().Byte(), jen.Error()).Block(b.finish()...), b.mapped)
	return name
}

// valueFuncOf writes a function whose body returns a value, and returns its name.
func (g *gen) valueFuncOf(f *source, name, about string, t ir.Type, block *ir.Block, e *entryPoint, access *ir.Access) string {
	name = g.names.take(name)
	b := g.newBody(t)
	b.bind(e)
	b.uses.block(block)
	b.guardsRead(access)
	b.whole(block)
	f.function([]string{name + " " + about},
		jen.Func().Id(name).Params(callParams(e)...).Params(g.goType(t), jen.Error()).Block(b.finish()...), b.mapped)
	return name
}

// guardsRead runs the guards again whose additions to ctx the function reads, since the function runs in a call of its own.
func (b *body) guardsRead(a *ir.Access) {
	read := map[*ir.Guard]bool{}
	for i := len(a.Guards) - 1; i >= 0; i-- {
		g := a.Guards[i].Guard
		if b.uses.added[g] || read[g] {
			read[g] = true
			for _, base := range b.g.bases(g) {
				read[base] = true
			}
		}
	}
	for _, use := range a.Guards {
		if read[use.Guard] {
			b.guardUse(use, read)
		}
	}
}

// lifecycle writes what runs when subscribers come and go, and returns the field of the registration; nil if there is none.
func (g *gen) lifecycle(
	f *source, e *entryPoint, access *ir.Access, on, off *ir.Block, does *analyze.Footprint,
) *jen.Statement {
	if on == nil && off == nil {
		return nil
	}
	write := func(prefix, about string, block *ir.Block) string {
		name := g.names.take(prefix + exported(e.base))
		b := g.newBody(nil)
		b.bind(e)
		b.uses.block(block)
		b.guardsRead(access)
		b.whole(block)
		f.function([]string{name + " runs when " + about + " " + e.wire() + "."},
			jen.Func().Id(name).Params(callParams(e)...).Error().Block(b.finish()...), b.mapped)
		return name
	}
	return literal(live("Lifecycle").Types(jen.Id(e.args)), true, func(add func(string, jen.Code)) {
		add("Mode", modeLit(does.Mode))
		if len(does.Externs) > 0 {
			add("External", jen.True())
		}
		if on != nil {
			add("Subscribed", jen.Id(write("subscribed", "somebody has subscribed to", on)))
		}
		if off != nil {
			add("Unsubscribed", jen.Id(write("unsubscribed", "somebody has left", off)))
		}
	})
}

// publish sends an event of a stream or channel.
func (b *body) publish(s *ir.Publish) {
	b.line(s.Pos)
	var target any
	var name string
	switch {
	case s.Stream != nil:
		target, name = s.Stream, wireName(s.Stream.Module, s.Stream.Name)
	case s.Channel != nil:
		target, name = s.Channel, wireName(s.Channel.Module, s.Channel.Name)
	default:
		fail(s.Pos, "publish has no target")
	}
	topic := jen.Nil()
	vs := b.exprs(append(append([]ir.Expr(nil), s.Args...), s.Data))
	if len(s.Args) > 0 {
		topic = jen.Id(b.g.topicName(target)).Call(codes(vs[:len(s.Args)])...)
	}
	data := value("ToJSON").Call(vs[len(s.Args)].typed(), b.g.encodeFunc(s.Data.Type(), false))
	pace := literal(live("Pace"), false, func(add func(string, jen.Code)) {
		if s.Throttle > 0 {
			add("Throttle", durationLit(s.Throttle).any())
		}
		if s.Debounce > 0 {
			add("Debounce", durationLit(s.Debounce).any())
		}
	})
	b.add(jen.Id("c").Dot("Publish").Call(jen.Lit(name), topic, jen.Lit(s.Event), data, pace))
}
