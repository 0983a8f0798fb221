package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// write follows what is stored. The row that a write gives is as clean as its table: what is secret in it is marked.
func (a *flow) write(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.Insert:
		a.stores(f, x.Table, x.Fields)
		a.changes(f, x.Pos, nil)
	case *ir.Upsert:
		for _, i := range x.By {
			for _, m := range x.Fields {
				if m.Field == x.Table.Row.Fields[i] {
					a.sink(f, sinkKey, m.X.Where(), a.expr(f, m.X).all(), nil)
				}
			}
		}
		a.stores(f, x.Table, x.Fields)
		a.stores(f, x.Table, x.Set)
		a.changes(f, x.Pos, nil)
	case *ir.UpdateRow:
		row := a.expr(f, x.Row)
		f.vars[x.Old] = row
		a.stores(f, x.Table, x.Set)
		if x.Patch != nil {
			own, chosen := shown(a.expr(f, x.Patch), x.Patch.Type())
			a.sink(f, sinkStored, x.Patch.Where(), own, chosen)
		}
		a.changes(f, x.Pos, row.chosen)
		return row
	case *ir.UpdateWhere:
		rows := a.query(f, x.Query)
		f.vars[x.Old] = rows
		a.stores(f, x.Table, x.Set)
		a.changes(f, x.Pos, rows.chosen)
		return &value{chosen: rows.chosen}
	case *ir.DeleteRow:
		row := a.expr(f, x.Row)
		a.changes(f, x.Pos, row.chosen)
		return row
	case *ir.DeleteWhere:
		rows := a.query(f, x.Query)
		a.changes(f, x.Pos, rows.chosen)
		return &value{chosen: rows.chosen}
	default:
		panic(unknown(x))
	}
	return clean
}

// stores follows values into columns. One that is not marked secret is for everybody to read later.
func (a *flow) stores(f *frame, t *ir.Table, fields []ir.FieldInit) {
	for _, m := range fields {
		v := a.expr(f, m.X)
		a.wears(v, m.Field, map[seenType]bool{})
		if m.Field.Secret {
			a.guessed(f, m.X, m.Field)
			if inUnique(t, m.Field) { // one that is taken is refused
				all := whole(v, m.X.Type())
				a.mayFail(f, m.X.Where(), union(digestless(all), v.decided()))
			}
			continue
		}
		own, chosen := shown(v, m.Field.Type)
		a.sink(f, sinkStored, m.X.Where(), own, chosen).also(m.Field.Pos, "this field is not marked `secret`")
	}
}

// wears notes marked fields into which something is written that is not a secret as it is. What is read from them is not one
// either.
func (a *flow) wears(v *value, field *ir.Field, seen map[seenType]bool) {
	if field.Secret {
		left := asIs
		for _, l := range v.all() {
			left = max(left, l.form)
		}
		if len(v.decided()) > 0 {
			left = partial
		}
		if left > a.worn[field] {
			a.worn[field], a.changed = left, true
		}
	}
	var in func(t ir.Type)
	in = func(t ir.Type) {
		switch t := element(t).(type) {
		case *ir.Record:
			key := seenType{v, t}
			if seen[key] || v.fields == nil && len(v.own) == 0 {
				return
			}
			seen[key] = true
			for _, f := range t.Fields {
				a.wears(v.member(f.Name), f, seen)
			}
		case *ir.Union:
			for _, variant := range t.Variants {
				in(variant.Record)
			}
		}
	}
	in(field.Type)
}

func inUnique(t *ir.Table, field *ir.Field) bool {
	return slices.ContainsFunc(t.Unique, func(set []*ir.Field) bool { return slices.Contains(set, field) })
}

// changes reports what decides about a write, which can be seen in what is stored.
func (a *flow) changes(f *frame, at ir.Pos, by labels) {
	a.sink(f, sinkWrite, at, nil, union(by, f.now()))
}
