package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// guard writes a guard: a function that returns an error, and the record that it adds to ctx if there is one. Its first
// parameters are the records added by the guards it builds on.
func (g *gen) guard(x *ir.Guard) {
	var result ir.Type
	if x.Adds != nil {
		result = x.Adds
	}
	b := g.newBody(result)
	b.uses.block(x.Body)
	params := []jen.Code{jen.Id("c").Op("*").Add(live("Call"))}
	for _, base := range g.bases(x) {
		b.added[base] = b.names.take(base.Name)
		params = append(params, jen.Id(b.added[base]).Add(g.goType(base.Adds)))
	}
	params = append(params, b.params(x.Params)...)
	b.whole(x.Body)
	results := []jen.Code{jen.Error()}
	if result != nil {
		results = []jen.Code{g.goType(result), jen.Error()}
	}
	name := g.funcName[x]
	g.files.of(x.Module, "guards").function(docOf(name+" is guard "+x.Name+".", x.Doc),
		jen.Func().Id(name).Params(params...).Params(results...).Block(b.finish()...), b.mapped)
}

// bases returns the guards whose additions to ctx a guard reads, in the order in which they run.
func (g *gen) bases(x *ir.Guard) []*ir.Guard {
	u := g.newUses()
	u.block(x.Body)
	var out []*ir.Guard
	for _, use := range x.Access.Guards {
		if use.Guard.Adds != nil && u.added[use.Guard] {
			out = append(out, use.Guard)
		}
	}
	return out
}

// access writes the checks of an entry point in order: guards, access, gate, then rate limits by user or expression.
// The records that guards return stay in variables if something reads them.
func (b *body) access(a *ir.Access, name string, rates []ir.Rate) {
	read := map[*ir.Guard]bool{}
	for g := range b.uses.added {
		read[g] = true
	}
	for _, use := range a.Guards {
		for _, base := range b.g.bases(use.Guard) {
			read[base] = true
		}
	}
	for _, use := range a.Guards {
		b.guardUse(use, read)
	}
	if a.Allow != nil {
		b.line(a.Allow.Where())
		cond := b.not(a.Allow)
		b.add(jen.If(cond).Block(b.fail(live("Fail").Call(live("CodeForbidden"), jen.Lit("You may not do this")))...))
	}
	if a.Gate != nil {
		b.line(a.Gate.Where())
		cond := b.not(a.Gate)
		b.add(jen.If(cond).Block(b.fail(live("ErrGate"))...))
	}
	b.rates(name, rates)
}

func (b *body) guardUse(use ir.GuardUse, read map[*ir.Guard]bool) {
	args := []jen.Code{jen.Id("c")}
	for _, base := range b.g.bases(use.Guard) {
		args = append(args, jen.Id(b.added[base]))
	}
	for _, v := range b.exprs(use.Args) {
		args = append(args, v.any())
	}
	fn := jen.Id(b.g.funcName[use.Guard]).Call(args...)
	switch {
	case use.Guard.Adds == nil:
		b.check(fn)
	case !read[use.Guard]:
		b.add(jen.If(jen.List(jen.Id("_"), jen.Id("err")).Op(":=").Add(fn), jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
	case b.added[use.Guard] != "": // a second use of the guard replaces what the first one has added
		b.add(jen.List(jen.Id(b.added[use.Guard]), jen.Id("err")).Op("=").Add(fn))
		b.add(jen.If(jen.Id("err").Op("!=").Nil()).Block(b.fail(jen.Id("err"))...))
	default:
		b.added[use.Guard] = b.names.take(use.Guard.Name)
		b.try(b.added[use.Guard], fn)
	}
}
