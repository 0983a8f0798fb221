package emitgo

import (
	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// policyName returns the name of the function that tests a policy of a table.
func (g *gen) policyName(t *ir.Table, p *ir.Policy) string {
	if name, ok := g.funcName[p]; ok {
		return name
	}
	word := "mayWrite"
	if p == t.ReadIf {
		word = "mayRead"
	}
	name := g.names.take(word + g.named(t.Row))
	g.funcName[p] = name
	return name
}

// policies writes the functions that test the policies of a table. `read if` only needs one if a write asks for the
// policy of a row, since queries have it in their plans.
func (g *gen) policies(m *ir.Module, t *ir.Table) {
	if t.WriteIf != nil {
		g.policy(m, t, t.WriteIf, "write")
	}
	if t.ReadIf != nil && t.Asked {
		g.policy(m, t, t.ReadIf, "read")
	}
}

func (g *gen) policy(m *ir.Module, t *ir.Table, p *ir.Policy, word string) {
	b := g.newBody(&ir.Scalar{Kind: ir.Bool})
	row := b.names.take("row")
	b.vars[p.Row] = simple(jen.Id(row))
	b.uses.expr(p.Cond)
	b.line(p.Cond.Where())
	b.add(jen.Return(b.expr(p.Cond).any(), jen.Nil()))
	name := g.policyName(t, p)
	g.files.of(m.Name, "tables").function(
		[]string{name + " reports whether the caller may " + word + " a row: the policy `" + word + " if` of its table."},
		jen.Func().Id(name).Params(jen.Id("c").Op("*").Add(live("Call")), jen.Id(row).Op("*").Add(g.goType(t.Row))).
			Params(jen.Bool(), jen.Error()).Block(b.finish()...), b.mapped)
}

// allows writes a call that tests a policy on a record, and returns the variable with the result.
func (b *body) allows(t *ir.Table, p *ir.Policy, record, want string) val {
	return b.try(b.names.take(want), jen.Id(b.g.policyName(t, p)).Call(jen.Id("c"), jen.Op("&").Id(record)))
}

// mayWrite writes a failure with FORBIDDEN unless the write policy of a table allows a record.
func (b *body) mayWrite(t *ir.Table, name string) {
	if !b.writePolicy(t) {
		return
	}
	ok := b.allows(t, t.WriteIf, name, "allowed")
	b.add(jen.If(jen.Op("!").Add(ok.code)).Block(b.fail(forbidden())...))
}

// mayRead writes a failure with err if the read policy of a table hides a stored record.
func (b *body) mayRead(t *ir.Table, name string, err jen.Code) {
	ok := b.allows(t, t.ReadIf, name, "visible")
	b.add(jen.If(jen.Op("!").Add(ok.code)).Block(b.fail(err)...))
}

func forbidden() jen.Code {
	return live("Fail").Call(live("CodeForbidden"), jen.Lit("You may not write this"))
}

// writePolicy reports whether writes to a table are tested.
func (b *body) writePolicy(t *ir.Table) bool { return t.WriteIf != nil && !b.system }

// uniqueQuery returns the variable of the query that finds a row by the values of a unique set of columns.
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
	r := g.plans.Table(t)
	var cond relation.Expr
	var params []relation.Column
	for i, c := range by {
		col := r.Columns[c]
		var same relation.Expr = &relation.Binary{
			Op: relation.Eq, Kind: relation.Bool, Of: col.Kind,
			L: &relation.Col{Index: c, Kind: col.Kind}, R: &relation.Param{Index: i, Kind: col.Kind},
		}
		if cond != nil {
			same = &relation.Binary{Op: relation.And, Kind: relation.Bool, Of: relation.Bool, L: cond, R: same}
		}
		cond = same
		params = append(params, relation.Column{Name: col.Name, Kind: col.Kind, Nullable: col.Nullable, Enum: col.Enum})
	}
	q := &relation.Query{Name: r.Name, Plan: &relation.Filter{Input: &relation.Scan{Table: r}, Cond: cond}, Params: params}
	f := g.files.of(g.home[t.Row], "queries")
	f.gap()
	f.comment(name + " finds the row of a unique set of values, for upsert.")
	f.body = append(f.body, jen.Var().Id(name).Op("=").Add(g.queryLit(q, false)))
	g.allQueries = append(g.allQueries, jen.Id(name))
	return name
}
