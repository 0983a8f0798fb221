package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// signal writes the registration of a signal and the function that makes its arguments.
func (g *gen) signal(x *ir.Signal) {
	name := wireName(x.Module, x.Name)
	g.registers(x.Module, live("AddSignal").Call(jen.Id("r"), live("Signal").Values(jen.Id("Name").Op(":").Lit(name))))
	if len(x.Params) == 0 {
		return
	}
	b := g.newBody(nil)
	params := b.params(x.Params)
	var parts []jen.Code
	for _, p := range x.Params {
		parts = append(parts, value("ToJSON").Call(b.vars[p].code, g.encodeFunc(p.Type, false)))
	}
	f := g.files.of(x.Module, "signals")
	f.function(docOf(g.topicName(x)+" makes the arguments of signal "+name+".", x.Doc),
		jen.Func().Id(g.topicName(x)).Params(params...).Index().Byte().Block(jen.Return(value("Topic").Call(parts...))), false)
}

// sendSignal writes the code that sends a signal after the commit.
func (b *body) sendSignal(s *ir.SendSignal) {
	b.line(s.Pos)
	vs := b.exprs(append(append([]ir.Expr(nil), s.Args...), s.To))
	args := jen.Index().Byte().Call(jen.Lit("[]"))
	if len(s.Args) > 0 {
		args = jen.Id(b.g.topicName(s.Signal)).Call(codes(vs[:len(s.Args)])...)
	}
	b.add(jen.Id("c").Dot("Signal").Call(jen.Lit(wireName(s.Signal.Module, s.Signal.Name)), vs[len(s.Args)].any(), args))
}
