package emitgo

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// derivedStream writes a stream whose value is computed again when what it read changes.
func (g *gen) derivedStream(f *source, x *ir.Stream, e *entryPoint) {
	added := g.addedType(f, x, e)
	open := g.openDerived(f, e, x, &x.Access, added)
	g.addDerived(f, x, e, &x.Access, open, "", added)
}

// addedType declares a type for the values that guards add to ctx and the stream's body reads, and returns its name; ""
// if there are none.
func (g *gen) addedType(f *source, x *ir.Stream, e *entryPoint) string {
	if len(g.facts.Hidden[x].Added) == 0 {
		return ""
	}
	name := g.names.take(e.base + "Added")
	f.gap()
	f.comment(name + " is what stream " + e.wire() + " reads of what its guards have added to ctx.")
	f.body = append(f.body, jen.Type().Id(name).StructFunc(func(s *jen.Group) {
		for i, a := range g.facts.Hidden[x].Added {
			s.Id(g.addedField(x, i)).Add(g.goType(a.T))
		}
	}))
	return name
}

// addedField returns the field of that type for added value i.
func (g *gen) addedField(x *ir.Stream, i int) string {
	taken := map[string]bool{}
	for _, a := range g.facts.Hidden[x].Added[:i] {
		member(a.Field.Name, "Value", taken)
	}
	return member(g.facts.Hidden[x].Added[i].Field.Name, "Value", taken)
}

// openDerived writes the function that checks the caller and returns the topic and the hidden parameters.
func (g *gen) openDerived(f *source, e *entryPoint, x *ir.Stream, access *ir.Access, added string) string {
	name := g.names.take("open" + exported(e.base))
	b := g.newBody(&ir.List{Elem: &ir.Null{}})
	b.escape = func(err jen.Code) []jen.Code { return []jen.Code{jen.Return(jen.Nil(), live("Hidden").Values(), err)} }
	b.bind(e)
	b.uses.access(access)
	for _, r := range x.Rates {
		b.uses.expr(r.Key)
	}
	for _, a := range g.facts.Hidden[x].Added {
		b.uses.expr(a)
	}
	b.access(access, e.wire(), x.Rates)
	parts, hidden := b.hidden(x, added)
	var topic []jen.Code
	for i, p := range e.params {
		topic = append(topic, value("ToJSON").Call(jen.Id("a").Dot(e.field(i)), g.encodeFunc(p.Type, true)))
	}
	if len(parts) > 0 {
		topic = append(topic, value("Digest").Call(parts...))
	}
	names := jen.Nil()
	if len(topic) > 0 {
		names = value("Topic").Call(topic...)
	}
	b.add(jen.Return(names, hidden, jen.Nil()))
	f.function(docOf(name+" checks who may subscribe to "+e.wire()+", and returns its topic and its hidden parameters.", x.Doc),
		jen.Func().Id(name).Params(callParams(e)...).Params(jen.Index().Byte(), live("Hidden"), jen.Error()).Block(b.finish()...), b.mapped)
	return name
}

// hidden returns the hidden parameters of a derived stream in two forms: as parts of the topic, including secret
// fields, and as the runtime keeps them.
func (b *body) hidden(x *ir.Stream, added string) (parts []jen.Code, kept *jen.Statement) {
	part := func(x *jen.Statement, t ir.Type) {
		parts = append(parts, value("ToJSON").Call(x, b.g.encodeFunc(t, true)))
	}
	var users, ips, values jen.Code
	if b.g.facts.Hidden[x].User {
		user := b.expr(&ir.CtxUser{At: ir.At{Pos: x.Pos, T: &ir.Optional{Elem: b.g.p.User}}})
		part(user.any(), &ir.Optional{Elem: b.g.p.User})
		users = jen.Id("c").Dot("User").Call()
	}
	if b.g.facts.Hidden[x].IP {
		part(jen.Id("c").Dot("IP").Call(), &ir.Scalar{Kind: ir.String})
		ips = jen.Id("c").Dot("IP").Call()
	}
	if added != "" {
		values = jen.Op("&").Add(literal(jen.Id(added), false, func(add func(string, jen.Code)) {
			for i, a := range b.g.facts.Hidden[x].Added {
				v := b.expr(a)
				part(v.any(), a.T)
				add(b.g.addedField(x, i), v.any())
			}
		}))
	}
	return parts, literal(live("Hidden"), false, func(add func(string, jen.Code)) {
		if users != nil {
			add("User", users)
		}
		if ips != nil {
			add("IP", ips)
		}
		if values != nil {
			add("Added", values)
		}
	})
}

// computeDerived writes the function that returns the value. It receives the hidden parameters and nothing else about
// the caller, and runs no guards.
func (g *gen) computeDerived(f *source, x *ir.Stream, e *entryPoint, name, added string) string {
	fn := g.names.take("compute" + exported(g.funcName[x]))
	b := g.newBody(x.Value)
	b.bind(e)
	b.uses.block(x.Body)
	if added != "" {
		from := b.names.take("added")
		b.add(jen.Id(from).Op(":=").Id("c").Dot("Added").Call().Assert(jen.Op("*").Id(added)))
		for i, a := range g.facts.Hidden[x].Added {
			b.hiddenAdded[a.Field] = jen.Id(from).Dot(g.addedField(x, i))
		}
	}
	b.whole(x.Body)
	f.function([]string{fn + " returns the value of stream " + name + "."},
		jen.Func().Id(fn).Params(callParams(e)...).Params(g.goType(x.Value), jen.Error()).Block(b.finish()...), b.mapped)
	return fn
}

// sources are what makes a derived stream run again: tables, and published streams by their names in the protocol.
type sources struct {
	tables  []*ir.Table
	streams []string
}

// follow collects the sources that a derived stream names. A live stream stands for the tables that its query reads, a
// derived one for its own sources: both change only with these. Package analyze has refused cycles.
func (g *gen) follow(x *ir.Stream, out *sources) {
	table := func(t *ir.Table) {
		if !slices.Contains(out.tables, t) {
			out.tables = append(out.tables, t)
		}
	}
	for _, s := range x.Sources {
		switch {
		case s.Table != nil:
			table(s.Table)
		case s.Stream.Form == ir.LiveStream:
			for _, r := range g.plan(s.Stream.Query).Reads {
				table(g.tableOf[r.Table])
			}
		case s.Stream.Form == ir.DerivedStream && len(s.Stream.Sources) > 0:
			g.follow(s.Stream, out)
		case s.Stream.Form == ir.DerivedStream:
			for _, t := range g.facts.Footprint(s.Stream).Reads {
				table(t)
			}
		case s.Stream.Form == ir.PublishedStream:
			if name := wireName(s.Stream.Module, s.Stream.Name); !slices.Contains(out.streams, name) {
				out.streams = append(out.streams, name)
			}
		default:
			fail(s.Stream.Pos, "the stream %s has no form", s.Stream.Name)
		}
	}
}

// addDerived registers a derived stream. schema is the entry point of the contract whose schema validates the
// arguments; "" if it is the stream itself.
func (g *gen) addDerived(f *source, x *ir.Stream, e *entryPoint, access *ir.Access, open, schema, added string) {
	does := g.facts.Footprint(x)
	from := &sources{}
	g.follow(x, from)
	mode := readMode(does.Mode)
	if len(from.tables) > 0 {
		mode = modeLit(analyze.Read) // it runs again after a commit, also if it reads no row itself
	}
	compute := g.computeDerived(f, x, e, e.wire(), added)
	cycle := g.lifecycle(f, e, access, x.OnSubscribe, x.OnUnsubscribe, does)
	g.adds(x.Module, "AddDerived", live("Derived").Types(jen.Id(e.args)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		if schema != "" {
			add("Schema", jen.Lit(schema))
		}
		add("Mode", mode)
		if hasRate(x.Rates, ir.ByIP) {
			add("RateByIP", ratesBy(x.Rates, ir.ByIP))
		}
		if x.Debounce > 0 {
			add("Debounce", durationLit(x.Debounce).any())
		}
		add("Decode", jen.Id(e.decode))
		add("Open", jen.Id(open))
		add("Compute", live("Appending").Call(jen.Id(compute), g.encodeFunc(x.Value, false)))
		if len(from.tables) > 0 {
			add("Tables", jen.Index().Op("*").Add(rel("Table")).ValuesFunc(func(list *jen.Group) {
				for _, t := range from.tables {
					list.Id(g.tableVar[t])
				}
			}))
		}
		if len(from.streams) > 0 {
			add("Streams", texts(from.streams))
		}
		if cycle != nil {
			add("Lifecycle", cycle)
		}
	})
}
