package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// constant returns a default as a Go expression that needs neither statements nor a call. Most defaults are constants;
// the others are computed where a call runs.
func (g *gen) constant(x ir.Expr) (*jen.Statement, bool) {
	x = fold(x)
	ok := true
	ir.Walk(x, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Lit, *ir.Wrap, *ir.ListLit, *ir.MapLit, *ir.RecordLit, *ir.EnvRef, *ir.ToFloat, *ir.Unary, *ir.FromEnum, *ir.Interp:
		default:
			ok = false
		}
		return ok
	})
	if !ok {
		return nil, false
	}
	b := g.newBody(nil)
	v := b.expr(x)
	return v.any(), len(b.stmts) == 0
}

// fold evaluates expressions over literals. It keeps what it cannot evaluate and what would fail.
func fold(x ir.Expr) ir.Expr {
	switch x := x.(type) {
	case *ir.Wrap:
		return &ir.Wrap{At: x.At, X: fold(x.X)}
	case *ir.Check: // the compiler has checked literals only, so a check of a computed value stays
		if in, ok := fold(x.X).(*ir.Lit); ok {
			return in
		}
	case *ir.Builtin:
		if l, ok := foldedArg(x); ok && isText(l.T) && (x.Name == "string" || x.Name == "id") {
			return &ir.Lit{At: x.At, Value: l.Value}
		}
	case *ir.Binary:
		l, ok := fold(x.L).(*ir.Lit)
		r, ok2 := fold(x.R).(*ir.Lit)
		if ok && ok2 {
			if v := compute(x.Op, l.Value, r.Value); v != nil {
				return &ir.Lit{At: x.At, Value: v}
			}
		}
	}
	return x
}

func foldedArg(x *ir.Builtin) (*ir.Lit, bool) {
	if len(x.Args) != 1 {
		return nil, false
	}
	l, ok := fold(x.Args[0]).(*ir.Lit)
	return l, ok
}

// compute evaluates an operator on two literals of one kind; nil if there is no exact result.
func compute(op relation.Op, l, r any) any {
	const most = 1<<53 - 1
	switch l := l.(type) {
	case int64:
		r, ok := r.(int64)
		if !ok || l > 1<<31 || l < -1<<31 || r > 1<<21 || r < -1<<21 { // so that no product overflows
			return nil
		}
		switch op {
		case relation.Add:
			return l + r
		case relation.Subt:
			return l - r
		case relation.Mul:
			if p := l * r; p <= most && p >= -most {
				return p
			}
		}
	case string:
		if r, ok := r.(string); ok && (op == relation.Add || op == relation.Cat) {
			return l + r
		}
	}
	return nil
}

// dynamic reports whether a default must be computed in a call.
func (g *gen) dynamic(x ir.Expr) bool {
	if x == nil {
		return false
	}
	_, constant := g.constant(x)
	return !constant
}

// unfilled reports whether a field is required although it has a default. This is a record whose default must be
// computed in a call: an empty record cannot be distinguished from an omitted one.
func (g *gen) unfilled(f *ir.Field) bool {
	_, record := f.Type.(*ir.Record)
	return record && g.dynamic(f.Default)
}

// fills reports whether values of t from clients have fields whose defaults must be computed in a call.
func (g *gen) fills(t ir.Type, seen map[ir.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *ir.Optional:
		return g.fills(t.Elem, seen)
	case *ir.List:
		return g.fills(t.Elem, seen)
	case *ir.Record:
		for _, f := range t.Fields {
			if t.PatchOf == nil && (g.dynamic(f.Default) || g.fills(f.Type, seen)) {
				return true
			}
		}
	}
	return false
}

// fillFunc returns the function that computes the defaults that a client has omitted in a record. The decoder cannot
// compute them, since it has no Call, so it leaves these fields empty.
func (g *gen) fillFunc(r *ir.Record) []jen.Code {
	name := g.codecs.names[codec{r, fillDefaults}]
	b := g.newBody(nil)
	for _, f := range r.Fields {
		member := simple(jen.Id("v").Dot(g.field(f)))
		switch {
		case g.dynamic(f.Default) && !f.Sent(): // clients do not send it
			x := b.expr(f.Default)
			b.add(jen.Add(member.code).Op("=").Add(x.any()))
		case g.dynamic(f.Default) && !g.unfilled(f):
			empty := jen.Add(member.code).Op("==").Add(g.zero(f.Type))
			if kindOf(f.Type) == ir.Time {
				empty = jen.Add(member.code).Dot("IsZero").Call()
			}
			b.add(jen.If(empty).Block(b.block(func() {
				x := b.expr(f.Default)
				b.add(jen.Add(member.code).Op("=").Add(x.any()))
			})...))
		case g.fills(f.Type, map[ir.Type]bool{}):
			b.fill(f.Type, member, 0)
		}
	}
	b.add(jen.Return(jen.Nil()))
	return []jen.Code{
		commentLine(name + " computes the defaults of the arguments that a client left out."),
		jen.Func().Id(name).Params(jen.Id("c").Op("*").Add(live("Call")), jen.Id("v").Op("*").Add(g.goType(r))).Error().Block(b.finish()...),
	}
}

// fill computes the defaults in an addressable value.
func (b *body) fill(t ir.Type, v val, depth int) {
	switch t := t.(type) {
	case *ir.Record:
		at := jen.Op("&").Add(v.code)
		if v.deref {
			at = v.code
		}
		b.check(jen.Id(b.g.codecs.use(t, fillDefaults)).Call(jen.Id("c"), at))
	case *ir.Optional:
		inner := b.block(func() { b.fill(t.Elem, val{code: v.code, prec: unaryPrec, deref: true}, depth) })
		b.add(jen.If(jen.Add(v.code).Op("!=").Nil()).Block(inner...))
	case *ir.List:
		i := loopName("i", depth)
		inner := b.block(func() { b.fill(t.Elem, simple(v.at(primaryPrec).Index(jen.Id(i))), depth+1) })
		b.add(jen.For(jen.Id(i).Op(":=").Range().Add(v.any())).Block(inner...))
	}
}
