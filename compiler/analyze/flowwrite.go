package analyze

import "github.com/livec-lang/livec/compiler/ir"

// write follows what is stored. The row that a write gives is as clean as its table: what is secret in it is marked.
func (a *flow) write(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.Insert:
		a.stores(f, x.Fields)
		a.changes(f, x.Pos, nil)
	case *ir.Upsert:
		for _, i := range x.By {
			for _, m := range x.Fields {
				if m.Field == x.Table.Row.Fields[i] {
					a.sink(f, sinkKey, m.X.Where(), a.expr(f, m.X).all(), nil)
				}
			}
		}
		a.stores(f, x.Fields)
		a.stores(f, x.Set)
		a.changes(f, x.Pos, nil)
	case *ir.UpdateRow:
		row := a.expr(f, x.Row)
		f.vars[x.Old] = row
		a.stores(f, x.Set)
		if x.Patch != nil {
			own, chosen := shown(a.expr(f, x.Patch), x.Patch.Type())
			a.sink(f, sinkStored, x.Patch.Where(), own, chosen)
		}
		a.changes(f, x.Pos, row.chosen)
		return row
	case *ir.UpdateWhere:
		rows := a.query(f, x.Query)
		f.vars[x.Old] = rows
		a.stores(f, x.Set)
		a.changes(f, x.Pos, rows.chosen)
		return &value{own: rows.chosen}
	case *ir.DeleteRow:
		row := a.expr(f, x.Row)
		a.changes(f, x.Pos, row.chosen)
		return row
	case *ir.DeleteWhere:
		rows := a.query(f, x.Query)
		a.changes(f, x.Pos, rows.chosen)
		return &value{own: rows.chosen}
	default:
		panic(unknown(x))
	}
	return clean
}

// stores follows values into columns. One that is not marked secret is for everybody to read later.
func (a *flow) stores(f *frame, fields []ir.FieldInit) {
	for _, m := range fields {
		own, chosen := shown(a.expr(f, m.X), m.Field.Type)
		if m.Field.Secret {
			continue
		}
		a.sink(f, sinkStored, m.X.Where(), own, chosen).also(m.Field.Pos, "this field is not marked `secret`")
	}
}

// changes reports what decides about a write, which can be seen in what is stored.
func (a *flow) changes(f *frame, at ir.Pos, by labels) {
	a.sink(f, sinkWrite, at, nil, union(by, f.pc))
}
