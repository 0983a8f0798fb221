package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/plan"
	"github.com/livec-lang/livec/relation"
)

// query writes a pipeline over tables.
func (b *body) query(x *ir.QueryExpr, want string) val {
	q := x.Query
	plan := b.g.plan(q)
	args := append([]jen.Code{jen.Id("c"), jen.Id(b.g.queryName(q))}, jen.Null())
	fn := ""
	switch t := q.Result.(type) {
	case *ir.List:
		fn = "Rows"
		if q.Row != nil {
			args[2] = jen.Id(b.g.fromRow(q.Row, plan.Out))
			break
		}
		args[2] = b.g.firstColumn(t.Elem, &plan.Out[0])
	default:
		fn = "Value"
		args[2] = b.g.valueFunc(q.Result, &plan.Out[0])
		if o, ok := t.(*ir.Optional); ok && q.Row != nil && plan.Out[0].Kind == relation.Record {
			if r, ok := o.Elem.(*ir.Record); ok {
				fn = "One"
				args[2] = jen.Id(b.g.fromRow(r, plan.Out[0].Fields))
			}
		}
	}
	args = append(args, b.queryArgs(q)...)
	return b.try(b.name(want, resultName(q)), live(fn).Call(args...))
}

// resultName returns a variable name for the result of a query.
func resultName(q *ir.Query) string {
	if q.Row == nil || q.Row.Name == "" {
		return "result"
	}
	if _, list := q.Result.(*ir.List); list {
		return q.Row.Name + "s"
	}
	return q.Row.Name
}

// queryName returns the variable of a query.
func (g *gen) queryName(q *ir.Query) string {
	g.plan(q)
	return g.queryVar[q]
}

// plan returns the plan of a query.
func (g *gen) plan(q *ir.Query) *plan.Query {
	made := g.plans.Query(q)
	if made == nil {
		fail(q.Pos, "the query %s has no plan", q.Name)
	}
	return made
}

// queryArgs returns the arguments of a query.
func (b *body) queryArgs(q *ir.Query) []jen.Code {
	var out []jen.Code
	args := b.g.plan(q).Args
	for i, v := range b.exprs(args) {
		out = append(out, b.param(args[i].Type(), v))
	}
	return out
}

// param returns a value as an argument of a query.
func (b *body) param(t ir.Type, v val) jen.Code {
	if isNull(t) {
		return jen.Nil()
	}
	if v.untyped {
		return v.typed()
	}
	return b.g.toValue(t, v.any())
}

// firstColumn returns a function that converts the only column of a row.
func (g *gen) firstColumn(t ir.Type, c *relation.Column) *jen.Statement {
	return jen.Func().Params(jen.Id("r").Add(rel("Row"))).Add(g.goType(t)).Block(jen.Return(g.fromValue(t, c, jen.Id("r").Index(jen.Lit(0)))))
}

// valueFunc returns a function that converts the value of a column.
func (g *gen) valueFunc(t ir.Type, c *relation.Column) *jen.Statement {
	elem, maybe := optional(t)
	if !maybe && !isStored(elem) {
		return g.scalarOf(elem)
	}
	return jen.Func().Params(jen.Id("v").Add(rel("Value"))).Add(g.goType(t)).Block(jen.Return(g.fromValue(t, c, jen.Id("v"))))
}

// queries writes the plans, by module and in the order of the program.
func (g *gen) queries() {
	for _, q := range g.p.Queries {
		module, _ := cutName(q.Name)
		f := g.files.of(module, "queries")
		f.gap()
		f.comment(g.queryVar[q] + " is the plan of a pipeline of " + q.Name + ".")
		f.body = append(f.body, jen.Var().Id(g.queryVar[q]).Op("=").Add(g.queryLit(g.plan(q).Query, q.Live)))
		g.allQueries = append(g.allQueries, jen.Id(g.queryVar[q]))
	}
}
