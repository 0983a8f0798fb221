package emitgo

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// policyName is the function that tests the write policy of a table.
func (g *gen) policyName(t *ir.Table) string {
	if name, ok := g.funcName[t]; ok {
		return name
	}
	name := g.names.take("mayWrite" + g.named(t.Row))
	g.funcName[t] = name
	return name
}

// writePolicy writes the function that tests the write policy of a table.
func (g *gen) writePolicy(m *ir.Module, t *ir.Table) {
	b := g.newBody(&ir.Scalar{Kind: ir.Bool})
	row := b.names.take("row")
	b.vars[t.WriteIf.Row] = simple(jen.Id(row))
	b.uses.expr(t.WriteIf.Cond)
	b.line(t.WriteIf.Cond.Where())
	b.add(jen.Return(b.expr(t.WriteIf.Cond).any(), jen.Nil()))
	name := g.policyName(t)
	g.files.of(m.Name, "tables").function([]string{name + " tells whether the caller may write a row: the policy `write if` of its table."},
		jen.Func().Id(name).Params(jen.Id("c").Op("*").Add(live("Call")), jen.Id(row).Op("*").Add(g.goType(t.Row))).Params(jen.Bool(), jen.Error()).Block(b.finish()...), b.mapped)
}

// mayWrite fails with FORBIDDEN if the write policy of a table does not allow a record.
func (b *body) mayWrite(t *ir.Table, name string) {
	if t.WriteIf == nil || b.system {
		return
	}
	ok := b.try(b.names.take("allowed"), jen.Id(b.g.policyName(t)).Call(jen.Id("c"), jen.Op("&").Id(name)))
	b.add(jen.If(jen.Op("!").Add(ok.code)).Block(b.fail(live("Fail").Call(live("CodeForbidden"), jen.Lit("You may not write this")))...))
}

// uniqueQuery is the variable of the query for the row of a table with certain values in a unique set of columns. Its statement is that of the key with other columns.
func (g *gen) uniqueQuery(t *ir.Table, by []int) string {
	key := g.tableVar[t]
	for _, c := range by {
		key += "." + itoa(c)
	}
	if name, ok := g.unique[key]; ok {
		return name
	}
	name := g.tableVar[t] + "By"
	for _, c := range by {
		name += exported(t.Row.Fields[c].Name)
	}
	name = g.names.take(name)
	g.unique[key] = name
	r := t.Rel
	sql, _, _ := strings.Cut(r.SQL.Get, " WHERE ")
	q := &relation.Query{Name: r.Name, Plan: &relation.Scan{Table: r}, Out: r.Columns, Key: r.Key}
	for i, c := range by {
		word := " AND "
		if i == 0 {
			word = " WHERE "
		}
		sql += word + `"` + r.Columns[c].Name + `" IS ?`
		q.Params = append(q.Params, r.Columns[c])
		q.Binds = append(q.Binds, i)
	}
	q.SQL = sql
	read := relation.Read{Table: r, Cols: by}
	for i := range by {
		read.Params = append(read.Params, i)
	}
	q.Reads = []relation.Read{read}
	f := g.files.of(g.home[t.Row], "queries")
	f.gap()
	f.comment(name + " finds the row of a unique set of values, for upsert.")
	f.body = append(f.body, jen.Var().Id(name).Op("=").Add(g.queryLit(q, false)))
	return name
}
