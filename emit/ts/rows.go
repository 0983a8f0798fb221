package emitts

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// rows returns the fields that identify the rows of a query, and those that they are sorted by, with a `-` for descending order: at the
// end the key, which breaks ties in the direction of the last field. Both are names of fields that clients receive. A result is nil if the
// rows do not contain these fields.
func rows(q *ir.Query) (key, sort []string) {
	key, sort = sortedRows(q)
	if sort == nil {
		return key, nil
	}
	direction := ""
	if last := sort[len(sort)-1]; last != trimDesc(last) {
		direction = "-"
	}
	for _, name := range key {
		if without(sort, name) != nil {
			sort = append(sort, direction+name)
		}
	}
	return key, sort
}

// sortedRows is rows without what breaks ties.
func sortedRows(q *ir.Query) (key, sort []string) {
	if q == nil || q.Pipeline == nil || q.Pipeline.Table == nil {
		return nil, nil
	}
	for _, f := range q.Pipeline.Table.Key {
		if f.Secret {
			return nil, nil
		}
		key = append(key, f.Name)
	}
	for _, stage := range q.Pipeline.Stages {
		switch s := stage.(type) {
		case *ir.SortStage:
			sort = sortFields(s)
		case *ir.JoinStage:
			key, sort = without(key, s.As), without(sort, s.As)
		case *ir.MapStage:
			if s.Out == nil {
				return nil, nil
			}
			key, sort = mapped(key, s), mapped(sort, s)
		case *ir.GroupStage:
			key, sort = nil, nil
			for _, k := range s.Keys {
				key = append(key, k.Field.Name)
			}
		case *ir.FilterStage, *ir.LimitStage, *ir.PageStage: // the fields do not change
		case *ir.ReduceStage, *ir.FindStage: // one value or row, which has no order
		default:
			panic(fmt.Sprintf("a stage of unknown kind: %T", s))
		}
	}
	return key, sort
}

// sortFields returns the fields of a sort stage. It returns nil if the stage sorts by something else, or by an enum:
// the client does not know the order of its values.
func sortFields(s *ir.SortStage) []string {
	var fields []string
	for _, k := range s.Keys {
		f := rowField(k.X, s.Row)
		if f == nil || f.Secret || isEnum(f.Type) {
			return nil
		}
		name := f.Name
		if k.Desc {
			name = "-" + name
		}
		fields = append(fields, name)
	}
	return fields
}

func isEnum(t ir.Type) bool {
	if o, ok := t.(*ir.Optional); ok {
		t = o.Elem
	}
	_, ok := t.(*ir.Enum)
	return ok
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

// without returns the fields; nil if one of them is replaced.
func without(fields []string, replaced string) []string {
	if slices.ContainsFunc(fields, func(f string) bool { return trimDesc(f) == replaced }) {
		return nil
	}
	return fields
}

// mapped returns the names of the fields after a map stage; nil if it drops one of them.
func mapped(fields []string, s *ir.MapStage) []string {
	var to []string
	for _, name := range fields {
		i := slices.IndexFunc(s.Fields, func(init ir.FieldInit) bool {
			f := rowField(init.X, s.Row)
			return f != nil && f.Name == trimDesc(name)
		})
		if i < 0 {
			return nil
		}
		to = append(to, name[:len(name)-len(trimDesc(name))]+s.Fields[i].Field.Name)
	}
	return to
}

func trimDesc(field string) string {
	if field[0] == '-' {
		return field[1:]
	}
	return field
}
