package plan

import (
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// table returns the stored form of a table. The checker has resolved keys and indexes into t.Key, t.Unique and t.Index.
func table(t *ir.Table) *relation.Table {
	rel := &relation.Table{Name: t.StoredName(), Columns: Schema(t.Row), Key: positions(t.Key)}
	for i, f := range t.Row.Fields {
		if v := constant(f.Default); v != nil {
			if rel.Defaults == nil {
				rel.Defaults = map[int]any{}
			}
			rel.Defaults[i] = v
		}
	}
	for _, u := range t.Unique {
		rel.Unique = append(rel.Unique, positions(u))
	}
	for _, x := range t.Index {
		rel.Index = append(rel.Index, positions(x))
	}
	return rel
}

// constant returns the value of a default that a database can store. It is nil for no default, null, and values that differ for each row.
func constant(x ir.Expr) any {
	switch x := x.(type) {
	case *ir.Lit:
		if s, ok := x.Value.(string); ok && strings.Contains(s, "\x00") { // no SQL literal can contain it
			return nil
		}
		return x.Value
	case *ir.Wrap:
		return constant(x.X)
	case *ir.ToFloat:
		return constant(x.X)
	case *ir.ListLit:
		if len(x.Elems) == 0 {
			return "[]"
		}
	case *ir.MapLit:
		if len(x.Keys) == 0 {
			return "{}"
		}
	}
	return nil
}

func positions(fields []*ir.Field) []int {
	out := make([]int, len(fields))
	for i, f := range fields {
		out[i] = f.Column
	}
	return out
}

// Schema returns the columns of the rows of a record type.
func Schema(r *ir.Record) relation.Schema {
	out := make(relation.Schema, len(r.Fields))
	for i, f := range r.Fields {
		out[i] = Column(f.Name, f.Type)
		out[i].Secret = f.Secret
	}
	return out
}

// Column returns the column for values of type t. Lists, maps, records, unions and json are stored as JSON text.
func Column(name string, t ir.Type) relation.Column {
	c := relation.Column{Name: name}
	if o, ok := t.(*ir.Optional); ok {
		c.Nullable = true
		t = o.Elem
	}
	switch t := t.(type) {
	case *ir.Scalar:
		c.Kind = scalarKinds[t.Kind]
	case *ir.Enum:
		c.Kind, c.Enum = relation.Enum, t.Values
	case *ir.Null:
		c.Kind, c.Nullable = relation.Text, true
	default:
		c.Kind, c.Visible = relation.JSONKind, visible(t)
	}
	return c
}

var scalarKinds = map[ir.ScalarKind]relation.Kind{
	ir.String: relation.Text, ir.Int: relation.Int, ir.Float: relation.Float, ir.Bool: relation.Bool, ir.Time: relation.Time,
	ir.Duration: relation.Duration, ir.Bytes: relation.Bytes, ir.ID: relation.ID, ir.JSON: relation.JSONKind,
}
