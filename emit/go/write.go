package emitgo

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/livec-lang/livec/compiler/ir"
)

// write writes an expression that changes tables.
func (b *body) write(x ir.Expr, want string) val {
	switch x := x.(type) {
	case *ir.Insert:
		return b.insert(x, want)
	case *ir.Upsert:
		return b.upsert(x, want)
	case *ir.UpdateRow:
		return b.updateRow(x, want)
	case *ir.UpdateWhere:
		return b.updateWhere(x, b.name(want, "updated"))
	case *ir.DeleteRow:
		b.deleteRow(x)
		return simple(live("None").Values())
	case *ir.DeleteWhere:
		return b.deleteWhere(x, b.name(want, "deleted"))
	}
	fail(x.Where(), "%T changes no table", x)
	return val{}
}

// doWrite writes a write whose result is not used.
func (b *body) doWrite(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.UpdateWhere:
		b.updateWhere(x, "")
	case *ir.DeleteWhere:
		b.deleteWhere(x, "")
	case *ir.Insert, *ir.Upsert, *ir.UpdateRow, *ir.DeleteRow:
		b.write(x, "")
	default:
		return false
	}
	return true
}

func tx(method string, args ...jen.Code) *jen.Statement {
	return jen.Id("c").Dot("Tx").Call().Dot(method).Call(args...)
}

// newRow makes the record of a row to insert.
func (b *body) newRow(t *ir.Table, fields []ir.FieldInit, want string) string {
	v := b.recordLit(b.g.goType(t.Row), t.Row, fields)
	name := b.name(want, t.Row.Name)
	b.add(jen.Id(name).Op(":=").Add(v.any()))
	return name
}

func (b *body) rowOf(t *ir.Table, name string) *jen.Statement {
	return jen.Id(b.g.codecs.use(t.Row, toRow)).Call(jen.Op("&").Id(name))
}

func (b *body) insert(x *ir.Insert, want string) val {
	name := b.newRow(x.Table, x.Fields, want)
	b.mayWrite(x.Table, name)
	b.check(tx("Insert", jen.Id(b.g.tableVar[x.Table]), b.rowOf(x.Table, name)))
	b.took = want
	return simple(jen.Id(name))
}

// upsert writes an insert, or an update with Set if there is a row with the same values in By.
func (b *body) upsert(x *ir.Upsert, want string) val {
	t := x.Table
	name := b.newRow(t, x.Fields, want)
	table := jen.Id(b.g.tableVar[t])
	stored := b.names.take("stored")
	var by []jen.Code
	for _, c := range x.By {
		f := t.Row.Fields[c]
		by = append(by, b.g.toValue(f.Type, jen.Id(name).Dot(b.g.field(f))))
	}
	if slices.Equal(x.By, b.g.plans.Table(t).Key) {
		b.try(stored, tx("Get", table, rel("Row").Values(by...)))
	} else {
		b.try(stored, live("FirstRow").Call(append([]jen.Code{jen.Id("c"), jen.Id(b.g.uniqueQuery(t, x.By))}, by...)...))
	}
	absent := b.block(func() {
		b.mayWrite(t, name)
		b.check(tx("Insert", table, b.rowOf(t, name)))
	})
	present := b.block(func() {
		old := b.names.take("old")
		b.add(jen.Id(old).Op(":=").Add(jen.Id(b.g.fromRow(t.Row, b.g.plans.Table(t).Columns)).Call(jen.Id(stored))))
		if x.Asks && t.ReadIf != nil { // a row with this key exists, so it cannot be inserted
			b.mayRead(t, old, forbidden())
		}
		b.mayWrite(t, old)
		next := b.names.take("next")
		b.add(jen.Id(next).Op(":=").Id(old))
		for _, s := range x.Set {
			b.add(jen.Id(next).Dot(b.g.field(s.Field)).Op("=").Id(name).Dot(b.g.field(s.Field)))
		}
		b.add(jen.Id(name).Op("=").Id(next))
		b.mayWrite(t, name)
		b.check(tx("Update", table, jen.Id(stored), b.rowOf(t, name)))
	})
	b.add(jen.If(jen.Id(stored).Op("==").Nil()).Block(absent...).Else().Block(present...))
	b.took = want
	return simple(jen.Id(name))
}

// stored reads the current row of a record, for a write.
func (b *body) stored(t *ir.Table, row ir.Expr) string {
	v := b.keep(b.expr(row), t.Row.Name)
	args := []jen.Code{jen.Id("c"), jen.Id(b.g.tableVar[t])}
	for _, c := range b.g.plans.Table(t).Key {
		f := t.Row.Fields[c]
		args = append(args, b.g.toValue(f.Type, v.dot(b.g.field(f))))
	}
	stored := b.names.take("stored")
	b.try(stored, live("Stored").Call(args...))
	return stored
}

func (b *body) record(t *ir.Table, stored, name string) {
	b.add(jen.Id(name).Op(":=").Id(b.g.fromRow(t.Row, b.g.plans.Table(t).Columns)).Call(jen.Id(stored)))
}

func (b *body) updateRow(x *ir.UpdateRow, want string) val {
	t := x.Table
	var patch val
	if x.Patch != nil {
		patch = b.keep(b.expr(x.Patch), "patch")
	}
	stored := b.stored(t, x.Row)
	next := b.name(want, "next")
	b.change(x, stored, next, patch)
	b.took = want
	return simple(jen.Id(next))
}

// change makes the changed record of a stored row and writes it. The write policy must allow the row before and after.
func (b *body) change(x *ir.UpdateRow, stored, next string, patch val) {
	t := x.Table
	asks := x.Asks && t.ReadIf != nil
	if x.Old != nil && b.readsOld(x.Old, x.Set) || asks || b.writePolicy(t) {
		name := b.names.take("old")
		b.record(t, stored, name)
		if x.Old != nil {
			b.vars[x.Old] = simple(jen.Id(name))
		}
		if asks {
			b.mayRead(t, name, live("Gone").Call())
		}
		b.mayWrite(t, name)
		b.add(jen.Id(next).Op(":=").Id(name))
	} else {
		b.record(t, stored, next)
	}
	b.assign(next, x.Set)
	b.applyPatch(x, next, patch)
	b.mayWrite(t, next)
	b.check(tx("Update", jen.Id(b.g.tableVar[t]), jen.Id(stored), b.rowOf(t, next)))
}

// assign writes the assignments of an update.
func (b *body) assign(next string, set []ir.FieldInit) {
	for _, s := range set {
		v := b.expr(s.X)
		b.add(jen.Id(next).Dot(b.g.field(s.Field)).Op("=").Add(v.any()))
	}
}

// applyPatch writes the assignments of the members of a patch that are present.
func (b *body) applyPatch(x *ir.UpdateRow, next string, patch val) {
	if x.Patch == nil {
		return
	}
	of := x.Patch.Type().(*ir.Record)
	for _, f := range x.Table.Row.Fields {
		if !slices.ContainsFunc(of.Fields, func(p *ir.Field) bool { return p.Name == f.Name }) {
			continue
		}
		member := patch.dot(b.g.field(f))
		b.add(jen.If(jen.Add(member).Dot("Set")).Block(jen.Id(next).Dot(b.g.field(f)).Op("=").Add(member).Dot("Value")))
	}
}

func (b *body) readsOld(old *ir.Var, set []ir.FieldInit) bool {
	u := b.g.newUses()
	u.inits(set)
	return u.vars[old] > 0
}

// eachRow writes a loop over the rows that a query finds. It skips rows that the write policy does not allow.
func (b *body) eachRow(q *ir.Query, count string, body func(stored string)) {
	rows := b.names.take("rows")
	b.try(rows, jen.Id("c").Dot("Rows").Call(append([]jen.Code{jen.Id(b.g.queryName(q))}, b.queryArgs(q)...)...))
	if count != "" {
		b.add(jen.Var().Id(count).Int64())
	}
	stored := b.names.take("stored")
	inner := b.block(func() {
		body(stored)
		if count != "" {
			b.add(jen.Id(count).Op("++"))
		}
	})
	b.add(jen.For(jen.List(jen.Id("_"), jen.Id(stored)).Op(":=").Range().Id(rows)).Block(inner...))
}

// skipUnless writes code that skips a row unless the write policy allows a record.
func (b *body) skipUnless(t *ir.Table, name string) {
	if !b.writePolicy(t) {
		return
	}
	ok := b.allows(t, t.WriteIf, name, "allowed")
	b.add(jen.If(jen.Op("!").Add(ok.code)).Block(jen.Continue()))
}

func (b *body) updateWhere(x *ir.UpdateWhere, count string) val {
	t := x.Table
	b.eachRow(x.Query, count, func(stored string) {
		old, next := b.names.take("old"), b.names.take("next")
		b.record(t, stored, old)
		b.vars[x.Old] = simple(jen.Id(old))
		b.skipUnless(t, old)
		b.add(jen.Id(next).Op(":=").Id(old))
		b.assign(next, x.Set)
		b.skipUnless(t, next)
		b.check(tx("Update", jen.Id(b.g.tableVar[t]), jen.Id(stored), b.rowOf(t, next)))
	})
	b.took = count
	return simple(jen.Id(count))
}

func (b *body) deleteRow(x *ir.DeleteRow) {
	t := x.Table
	stored := b.stored(t, x.Row)
	asks := x.Asks && t.ReadIf != nil
	if asks || b.writePolicy(t) {
		old := b.names.take("old")
		b.record(t, stored, old)
		if asks {
			b.mayRead(t, old, live("Gone").Call())
		}
		b.mayWrite(t, old)
	}
	b.check(tx("Delete", jen.Id(b.g.tableVar[t]), jen.Id(stored)))
}

func (b *body) deleteWhere(x *ir.DeleteWhere, count string) val {
	t := x.Table
	b.eachRow(x.Query, count, func(stored string) {
		if b.writePolicy(t) {
			old := b.names.take("old")
			b.record(t, stored, old)
			b.skipUnless(t, old)
		}
		b.check(tx("Delete", jen.Id(b.g.tableVar[t]), jen.Id(stored)))
	})
	b.took = count
	return simple(jen.Id(count))
}
