package emitts

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// rowOrder is a field that rows are sorted by.
type rowOrder struct {
	field  string
	desc   bool
	values []string // of an enum, in their order; nil for other types
}

// rowFacts is what clients know about the rows of a query. The fields are named as clients receive them.
type rowFacts struct {
	key   []string   // identifies a row; nil if the rows do not contain it
	sort  []rowOrder // at the end the key, which breaks ties in the direction of the last field; nil if the order is not known
	limit int64      // how many rows there are at most; 0 if there is no limit
}

// rows returns what clients know about the rows of a query.
func rows(q *ir.Query) rowFacts {
	f := sortedRows(q)
	if len(f.sort) == 0 {
		f.sort = nil
		return f
	}
	desc := f.sort[len(f.sort)-1].desc
	for _, name := range f.key {
		if !sortsBy(f.sort, name) {
			f.sort = append(f.sort, rowOrder{field: name, desc: desc})
		}
	}
	return f
}

// sortedRows is rows without what breaks ties.
func sortedRows(q *ir.Query) (f rowFacts) {
	if q == nil || q.Pipeline == nil || q.Pipeline.Table == nil {
		return f
	}
	for _, field := range q.Pipeline.Table.Key {
		if field.Secret {
			f.key = nil
			break
		}
		f.key = append(f.key, field.Name)
	}
	for _, stage := range q.Pipeline.Stages {
		switch s := stage.(type) {
		case *ir.SortStage:
			f.sort = sortFields(s)
		case *ir.JoinStage:
			if slices.Contains(f.key, s.As) {
				f.key = nil
			}
			if sortsBy(f.sort, s.As) {
				f.sort = nil
			}
		case *ir.MapStage:
			f.key, f.sort = mappedKey(f.key, s), mappedSort(f.sort, s)
		case *ir.GroupStage:
			f = rowFacts{}
			for _, k := range s.Keys {
				f.key = append(f.key, k.Field.Name)
			}
		case *ir.LimitStage:
			if f.limit == 0 || s.N < f.limit {
				f.limit = s.N
			}
		case *ir.FilterStage, *ir.PageStage: // the fields do not change
		case *ir.ReduceStage, *ir.FindStage: // one value or row, which has no order
		default:
			panic(fmt.Sprintf("a stage of unknown kind: %T", s))
		}
	}
	return f
}

// sortFields returns the fields of a sort stage. It returns nil if the stage sorts by something else.
func sortFields(s *ir.SortStage) []rowOrder {
	var fields []rowOrder
	for _, k := range s.Keys {
		f := rowField(k.X, s.Row)
		if f == nil || f.Secret {
			return nil
		}
		fields = append(fields, rowOrder{field: f.Name, desc: k.Desc, values: enumValues(f.Type)})
	}
	return fields
}

// sortsBy reports whether rows are sorted by a field.
func sortsBy(sort []rowOrder, field string) bool {
	return slices.ContainsFunc(sort, func(o rowOrder) bool { return o.field == field })
}

// enumValues returns the values of an enum, which may be optional, in their order; nil for other types.
func enumValues(t ir.Type) []string {
	if o, ok := t.(*ir.Optional); ok {
		t = o.Elem
	}
	if e, ok := t.(*ir.Enum); ok {
		return e.Values
	}
	return nil
}

// rowField returns the field of the row that an expression reads; nil for any other expression.
func rowField(x ir.Expr, row *ir.Var) *ir.Field {
	f, ok := x.(*ir.FieldOf)
	if !ok {
		return nil
	}
	l, ok := f.X.(*ir.Local)
	if !ok || l.Var != row {
		return nil
	}
	return f.Field
}

// mapped returns the name of a field after a map stage; empty if it drops the field.
func mapped(field string, s *ir.MapStage) string {
	i := slices.IndexFunc(s.Fields, func(init ir.FieldInit) bool {
		f := rowField(init.X, s.Row)
		return f != nil && f.Name == field
	})
	if i < 0 {
		return ""
	}
	return s.Fields[i].Field.Name
}

// mappedKey returns the names of the fields of a key after a map stage; nil if it drops one of them.
func mappedKey(key []string, s *ir.MapStage) (to []string) {
	for _, field := range key {
		name := mapped(field, s)
		if name == "" {
			return nil
		}
		to = append(to, name)
	}
	return to
}

// mappedSort returns the fields that rows are sorted by after a map stage; nil if it drops one of them.
func mappedSort(sort []rowOrder, s *ir.MapStage) (to []rowOrder) {
	for _, o := range sort {
		if o.field = mapped(o.field, s); o.field == "" {
			return nil
		}
		to = append(to, o)
	}
	return to
}
