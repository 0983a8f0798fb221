package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// listPipe writes a pipeline over a list in memory: one loop for each stage.
func (b *body) listPipe(x *ir.ListPipe, want string) val {
	v := b.expr(x.List)
	elem := ir.Type(&ir.Null{})
	if l, ok := x.List.Type().(*ir.List); ok {
		elem = l.Elem
	}
	for i, s := range x.Stages {
		name := ""
		if i == len(x.Stages)-1 {
			name = want
		}
		v = b.listStage(v, &elem, s, name)
	}
	return v
}

// loop writes a loop over a list with the stage's row as its variable.
func (b *body) loop(list val, s ir.ListStage, body func()) {
	name := "_"
	u := b.g.newUses()
	u.expr(s.X)
	if s.Row != nil && u.vars[s.Row] > 0 {
		name = b.names.take(rowName(s.Row))
		b.vars[s.Row] = simple(jen.Id(name))
	}
	b.loopAs(list, name, s, body)
}

func (b *body) loopAs(list val, name string, s ir.ListStage, body func()) {
	inner := b.block(func() {
		if s.Long() {
			b.step()
		}
		body()
	})
	if name == "_" {
		b.add(jen.For(jen.Range().Add(list.any())).Block(inner...))
		return
	}
	b.add(jen.For(jen.List(jen.Id("_"), jen.Id(name)).Op(":=").Range().Add(list.any())).Block(inner...))
}

func rowName(v *ir.Var) string {
	if v.Name == "" {
		return "row"
	}
	return v.Name
}

// listStage writes one stage. elem is the element type of the list, and is updated to the type after the stage.
func (b *body) listStage(list val, elem *ir.Type, s ir.ListStage, want string) val {
	var rowType ir.Type = *elem
	if s.Row != nil && s.Row.Type != nil {
		rowType = s.Row.Type
	}
	slice := func(t ir.Type) *jen.Statement { return jen.Index().Add(b.g.goType(t)) }
	switch s.Name {
	case "filter":
		out := b.name(want, "kept")
		b.add(jen.Id(out).Op(":=").Add(slice(rowType)).Values())
		row := b.names.take(rowName(s.Row))
		b.vars[s.Row] = simple(jen.Id(row))
		b.loopAs(list, row, s, func() {
			b.add(jen.If(b.expr(s.X).any()).Block(jen.Id(out).Op("=").Append(jen.Id(out), jen.Id(row))))
		})
		return simple(jen.Id(out))
	case "map":
		out := b.name(want, "mapped")
		*elem = s.X.Type()
		b.add(jen.Id(out).Op(":=").Make(slice(s.X.Type()), jen.Lit(0), jen.Len(list.any())))
		b.loop(list, s, func() {
			v := b.expr(s.X)
			b.add(jen.Id(out).Op("=").Append(jen.Id(out), v.any()))
		})
		return simple(jen.Id(out))
	case "limit":
		return call(value("Limit").Call(list.any(), b.expr(s.X).any()))
	case "sort":
		return b.sortList(list, s, rowType, want)
	case "count":
		return call(jen.Int64().Parens(jen.Len(list.any())))
	case "first":
		return call(value("First").Call(list.any()))
	case "any", "all":
		return b.anyAll(list, s, want)
	case "sum", "avg":
		return b.sum(list, s, want)
	case "min", "max":
		return b.extreme(list, s, want)
	}
	fail(ir.Pos{}, "no Go for the stage %s of a list", s.Name)
	return val{}
}

// sortList sorts a copy with a stable sort. It computes the keys first, since that may fail.
func (b *body) sortList(list val, s ir.ListStage, rowType ir.Type, want string) val {
	out := b.name(want, "sorted")
	b.add(jen.Id(out).Op(":=").Qual("slices", "Clone").Call(list.any()))
	l, r := b.names.take("left"), b.names.take("right")
	cmpFor := func(k ir.ListSortKey) *jen.Statement {
		b.vars[s.Row] = simple(jen.Id(l))
		left := b.expr(k.X)
		b.vars[s.Row] = simple(jen.Id(r))
		right := b.expr(k.X)
		if k.Desc {
			left, right = right, left
		}
		return b.g.compare(k.X.Type(), left, right)
	}
	failed := b.names.take("failed")
	escaped := false
	before := b.escape
	b.escape = func(err jen.Code) []jen.Code {
		escaped = true
		return []jen.Code{jen.Id(failed).Op("=").Add(err), jen.Return(jen.Lit(0))}
	}
	inner := b.block(func() {
		if s.Long() {
			b.step()
		}
		for i, k := range s.Keys {
			order := cmpFor(k)
			if i == len(s.Keys)-1 {
				b.add(jen.Return(order))
				break
			}
			b.add(jen.If(jen.Id("order").Op(":=").Add(order), jen.Id("order").Op("!=").Lit(0)).Block(jen.Return(jen.Id("order"))))
		}
	})
	b.escape = before
	if escaped {
		b.add(jen.Var().Id(failed).Error())
	}
	b.add(
		jen.Qual("slices", "SortStableFunc").
			Call(jen.Id(out), jen.Func().Params(jen.List(jen.Id(l), jen.Id(r)).Add(b.g.goType(rowType))).Int().Block(inner...)),
	)
	if escaped {
		b.add(jen.If(jen.Id(failed).Op("!=").Nil()).Block(b.fail(jen.Id(failed))...))
	}
	return simple(jen.Id(out))
}

func (b *body) anyAll(list val, s ir.ListStage, want string) val {
	if s.X == nil {
		return val{code: jen.Len(list.any()).Op(">").Lit(0), prec: comparePrec}
	}
	out := b.name(want, s.Name)
	b.add(jen.Id(out).Op(":=").Lit(s.Name == "all"))
	b.loop(list, s, func() {
		var test *jen.Statement
		if s.Name == "all" {
			test = b.not(s.X)
		} else {
			test = b.expr(s.X).any()
		}
		b.add(jen.If(test).Block(jen.Id(out).Op("=").Lit(s.Name == "any"), jen.Break()))
	})
	return simple(jen.Id(out))
}

// sum writes sum, or avg, which divides by the number of elements and is null for none.
func (b *body) sum(list val, s ir.ListStage, want string) val {
	list = b.keep(list, "list")
	t := s.X.Type()
	total := want
	if s.Name == "avg" || total == "" {
		total = b.names.take("total")
	}
	b.add(jen.Var().Id(total).Add(b.g.goType(t)))
	fn := value("Add").Call
	switch kindOf(t) {
	case ir.Duration:
		fn = value("AddDuration").Call
	case ir.Float:
		fn = func(xs ...jen.Code) *jen.Statement { return value("Finite").Call(jen.Add(xs[0]).Op("+").Add(xs[1])) }
	}
	b.loop(list, s, func() {
		v := b.expr(s.X)
		next := b.try(b.names.take("next"), fn(jen.Id(total), v.at(addPrec+1)))
		b.add(jen.Id(total).Op("=").Add(next.code))
	})
	if s.Name == "sum" {
		b.took = want
		return simple(jen.Id(total))
	}
	return call(value("Average").Call(jen.Float64().Parens(jen.Id(total)), jen.Len(list.any())))
}

// extreme writes min or max, which are null for no elements.
func (b *body) extreme(list val, s ir.ListStage, want string) val {
	t, maybe := optional(s.X.Type())
	out := b.name(want, s.Name)
	b.add(jen.Var().Id(out).Op("*").Add(b.g.goType(t)))
	op := "<"
	if s.Name == "max" {
		op = ">"
	}
	b.loop(list, s, func() {
		v := b.keep(b.expr(s.X), "candidate")
		some, present := v, jen.Null()
		if maybe {
			some = val{code: v.at(primaryPrec), prec: unaryPrec, deref: true}
			present = v.at(comparePrec).Op("!=").Nil().Op("&&")
		}
		best := val{code: jen.Id(out), prec: unaryPrec, deref: true}
		test := jen.Parens(jen.Id(out).Op("==").Nil().Op("||").Add(b.g.compare(t, some, best)).Op(op).Lit(0))
		b.add(jen.If(jen.Add(present).Add(test)).Block(jen.Id(out).Op("=").New(some.any())))
	})
	b.took = want
	return simple(jen.Id(out))
}
