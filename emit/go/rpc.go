package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/compiler/ir"
)

// entryPoint has what all entry points share: their names in the protocol and in Go, and their arguments.
type entryPoint struct {
	module, name string // as declared; for a room's action, the name is room.action
	base         string // the Go name from which other names are made
	params       []*ir.Var
	fields       []string // of the arguments, by parameter; nil until they are used
	args         string   // the struct with the arguments
	decode       string   // the function that decodes them
}

func (e *entryPoint) wire() string { return wireName(e.module, e.name) }

// arguments names an entry point and declares its arguments with their decoder, in the file of a construct.
func (g *gen) arguments(f *source, x any, module, name string, params []*ir.Var) *entryPoint {
	e := &entryPoint{module: module, name: name, base: g.funcName[x], params: params}
	e.args = g.names.take(e.base + "Args")
	e.decode = g.names.take("decode" + exported(e.args))
	f.gap()
	f.comment(e.args + " are the arguments of " + e.wire() + ".")
	f.body = append(f.body, jen.Type().Id(e.args).StructFunc(func(s *jen.Group) {
		for i, p := range params {
			for _, l := range p.Doc {
				s.Add(commentLine(l))
			}
			s.Id(e.field(i)).Add(g.goType(p.Type))
		}
		if n := g.computed(e, len(params)); n > 0 {
			s.Id("omitted").Index(jen.Lit(n)).Bool().Comment("which of the arguments are missing whose defaults the call computes, in their order")
		}
	}))
	f.gap()
	f.comment(e.decode + " reads the arguments from a JSON array.")
	f.body = append(
		f.body,
		jen.Func().Id(e.decode).Params(jen.Id("d").Op("*").Add(value("Decoder"))).Params(jen.Id("a").Id(e.args)).Block(g.decodeArgs(e)...),
	)
	return e
}

// field returns the field name of an argument.
func (e *entryPoint) field(i int) string {
	if e.fields == nil {
		taken := map[string]bool{"omitted": true}
		for _, p := range e.params {
			e.fields = append(e.fields, member(p.Name, "Arg", taken))
		}
	}
	return e.fields[i]
}

// member returns an unexported name for a member of a struct. A name that means something in Go gets a suffix.
func member(name, suffix string, taken map[string]bool) string {
	name = unexported(name)
	if reservedWord(name) || taken[name] {
		name += suffix
	}
	return free(name, taken)
}

// decodeArgs reads the array of arguments. Arguments at the end may be missing or null if their parameters are optional.
func (g *gen) decodeArgs(e *entryPoint) []jen.Code {
	out := []jen.Code{jen.Id("d").Dot("Array").Call()}
	for i, p := range e.params {
		into := jen.Id("a").Dot(e.field(i))
		read := g.decodeInto(p.Type, into, 0)
		item := jen.Id("d").Dot("Item").Call(jen.Lit(i))
		elem, maybe := optional(p.Type)
		some := jen.Add(item).Op("&&").Op("!").Id("d").Dot("Null").Call()
		switch {
		case p.Default != nil:
			x, ok := g.constant(p.Default)
			if !ok {
				missing := g.omitted(e, i).Op("=").True()
				if maybe {
					out = append(out, jen.If(item).Block(read...).Else().Block(missing))
				} else {
					out = append(out, jen.If(some).Block(read...).Else().Block(missing))
				}
				break
			}
			out = append(out, jen.Add(into).Op("=").Add(x))
			if maybe { // null is a value of the parameter
				out = append(out, jen.If(item).Block(append([]jen.Code{jen.Add(into).Op("=").Nil()}, read...)...))
			} else {
				out = append(out, jen.If(some).Block(read...))
			}
		case maybe:
			out = append(out, jen.If(some).Block(g.decodeSome(elem, into, 0)...))
		default:
			out = append(append(out, item), read...)
		}
	}
	return append(out, jen.Id("d").Dot("End").Call(), jen.Return(jen.Id("a")))
}

// bind makes the arguments available to the statements of a function. Its parameter a holds them.
func (b *body) bind(e *entryPoint) {
	for i, p := range e.params {
		field := simple(jen.Id("a").Dot(e.field(i)))
		b.vars[p] = field
		if b.g.dynamic(p.Default) {
			b.add(jen.If(b.g.omitted(e, i)).Block(b.block(func() {
				x := b.expr(p.Default)
				b.add(jen.Add(field.code).Op("=").Add(x.any()), b.g.omitted(e, i).Op("=").False())
			})...))
		}
		if b.g.fills(p.Type, map[ir.Type]bool{}) {
			b.fill(p.Type, field, 0)
		}
	}
}

// computed counts the parameters before an index whose defaults are computed in the call.
func (g *gen) computed(e *entryPoint, before int) (n int) {
	for _, p := range e.params[:before] {
		if g.dynamic(p.Default) {
			n++
		}
	}
	return n
}

// omitted is the place that says whether a parameter is missing whose default is computed in the call.
func (g *gen) omitted(e *entryPoint, i int) *jen.Statement {
	return jen.Id("a").Dot("omitted").Index(jen.Lit(g.computed(e, i)))
}

// callParams returns the parameters of a function that runs in a call with arguments.
func callParams(e *entryPoint) []jen.Code {
	return []jen.Code{jen.Id("c").Op("*").Add(live("Call")), jen.Id("a").Op("*").Id(e.args)}
}

// rpc writes an rpc: its arguments, its function, and its registration.
func (g *gen) rpc(x *ir.RPC) {
	does := g.facts.Footprint(x)
	f := g.files.of(x.Module, "rpcs")
	e := g.arguments(f, x, x.Module, x.Name, x.Params)
	b := g.newBody(x.Result)
	b.bind(e)
	b.uses.access(&x.Access)
	for _, r := range x.Rates {
		b.uses.expr(r.Key)
	}
	b.uses.block(x.Body)
	result := live("None")
	if b.result != nil {
		result = g.goType(x.Result)
	} else {
		b.result = &ir.Void{}
	}
	b.access(&x.Access, e.wire(), x.Rates)
	b.statements(x.Body)
	if !ends(x.Body) {
		b.add(jen.Return(g.zero(b.result), jen.Nil()))
	}
	f.function(docOf(e.base+" runs rpc "+e.wire()+".", x.Doc),
		jen.Func().Id(e.base).Params(callParams(e)...).Params(jen.Add(result), jen.Error()).Block(b.finish()...), b.mapped)

	g.adds(x.Module, "AddRPC", live("RPC").Types(jen.Id(e.args), jen.Add(result)), func(add func(string, jen.Code)) {
		add("Name", jen.Lit(e.wire()))
		add("Mode", modeLit(does.Mode))
		if does.Session {
			add("Session", jen.True())
		}
		if len(does.Externs) > 0 {
			add("External", jen.True())
		}
		if x.Timeout > 0 {
			add("Timeout", durationLit(x.Timeout).any())
		}
		if hasRate(x.Rates, ir.ByIP) {
			add("RateByIP", ratesBy(x.Rates, ir.ByIP))
		}
		if n := maxBytes(x.Params); n > 0 {
			add("MaxBytes", jen.Lit(n))
		}
		add("Decode", jen.Id(e.decode))
		add("Call", jen.Id(e.base))
		if !isVoid(x.Result) {
			add("Encode", g.encodeFunc(x.Result, false))
		}
	})
}

var modeNames = map[analyze.Mode]string{analyze.Pure: "Pure", analyze.Read: "Read", analyze.Write: "Write"}

func modeLit(m analyze.Mode) *jen.Statement { return live(modeNames[m]) }

// readMode returns the mode of code that checks or shows something and does not write.
func readMode(m analyze.Mode) *jen.Statement { return modeLit(min(m, analyze.Read)) }

// defaultBytes is the maximum number of bytes for a bytes parameter without a bound.
const defaultBytes = 10 << 20

// maxBytes returns how large a call may be because of its bytes parameters; 0 if it has none.
func maxBytes(params []*ir.Var) int {
	n := 0
	for _, p := range params {
		t, _ := optional(p.Type)
		if s, ok := t.(*ir.Scalar); ok && s.Kind == ir.Bytes {
			if s.Refine != nil && s.Refine.Max != nil {
				n += int(*s.Refine.Max)
			} else {
				n += defaultBytes
			}
		}
	}
	return n
}
