package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// write follows what is stored. The row that a write returns has only the labels of its table: its secret fields are marked.
func (a *flow) write(f *frame, x ir.Expr) *value {
	switch x := x.(type) {
	case *ir.Insert:
		a.stores(f, x.Table, x.Fields)
		a.changes(f, x.Pos, nil)
	case *ir.Upsert:
		for _, i := range x.By {
			for _, m := range x.Fields {
				if m.Field == x.Table.Row.Fields[i] {
					a.sink(sinkKey, m.X.Where(), a.expr(f, m.X).all(), nil)
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
			a.patches(f, x.Table, x.Patch)
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

// stores follows values into columns. Everybody may read a column that is not marked secret.
func (a *flow) stores(f *frame, t *ir.Table, fields []ir.FieldInit) {
	for _, m := range fields {
		if m.Field.Secret {
			a.guessed(f, m.X, m.Field)
		}
		a.store(f, t, m.Field, a.expr(f, m.X), m.X.Where())
	}
}

// patches follows the members of a patch into columns.
func (a *flow) patches(f *frame, t *ir.Table, x ir.Expr) {
	v := a.expr(f, x)
	a.sink(sinkStored, x.Where(), nil, v.chosen)
	for _, field := range t.Row.Fields {
		a.store(f, t, field, v.member(field.Name), x.Where())
	}
}

func (a *flow) store(f *frame, t *ir.Table, field *ir.Field, v *value, at ir.Pos) {
	a.weakens(v, field, map[seenType]bool{})
	if !field.Secret {
		own, chosen := shown(v, field.Type)
		a.sink(sinkStored, at, own, chosen).also(field.Pos, "this field is not marked `secret`")
		return
	}
	if inUnique(t, field) { // a duplicate value fails
		a.mayFail(f, at, union(digestless(whole(v, field.Type).without(fieldLabel(field, field.Pos))), v.decided()))
	}
}

// weakens records secret fields that receive something other than a secret in its full form. Values read from such a
// field are then not full secrets either.
func (a *flow) weakens(v *value, field *ir.Field, seen map[seenType]bool) {
	if field.Secret {
		left := asIs
		for _, l := range v.all() {
			left = max(left, l.form)
		}
		if len(v.decided()) > 0 {
			left = partial
		}
		if left > a.weakest[field.Pos] {
			a.weakest[field.Pos], a.changed = left, true
		}
	}
	a.weakensIn(v, field.Type, seen)
}

// weakensIn does the same for the fields of records in a value.
func (a *flow) weakensIn(v *value, t ir.Type, seen map[seenType]bool) {
	switch t := element(t).(type) {
	case *ir.Record:
		key := seenType{v, t}
		if v.fields == nil { // all parts have the same labels, and a type may contain itself
			key.v = nil
		}
		if seen[key] || v.fields == nil && len(v.own) == 0 {
			return
		}
		seen[key] = true
		for _, f := range t.Fields {
			a.weakens(v.member(f.Name), f, seen)
		}
	case *ir.Union:
		for _, variant := range t.Variants {
			a.weakensIn(v, variant.Record, seen)
		}
	}
}

func inUnique(t *ir.Table, field *ir.Field) bool {
	return slices.ContainsFunc(t.Unique, func(set []*ir.Field) bool { return slices.Contains(set, field) })
}

// changes reports secrets that decide whether something is written, which the stored data would show.
func (a *flow) changes(f *frame, at ir.Pos, by labels) {
	a.sink(sinkWrite, at, nil, union(by, f.now()))
}
