package emitts

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// rows tells what the rows of a query are told apart by, and what they are ordered by with a `-` before what goes down, each as
// fields of the rows that clients get. Either is nil where the rows do not show it.
func rows(q *ir.Query) (key, sort []string) {
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
		case *ir.FilterStage, *ir.LimitStage, *ir.PageStage: // the rows stay what they are
		case *ir.ReduceStage, *ir.FindStage: // one value or row, without an order
		default:
			panic(fmt.Sprintf("a stage of unknown kind: %T", s))
		}
	}
	return key, sort
}

// sortFields are the fields that a sort goes by; nil where it goes by something else, or by a union of literals, whose order the
// client does not know.
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

// rowField is the field of the row that an expression reads; nil for any other expression.
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

// without is nil where one of the fields is replaced.
func without(fields []string, replaced string) []string {
	if slices.ContainsFunc(fields, func(f string) bool { return trimDesc(f) == replaced }) {
		return nil
	}
	return fields
}

// mapped are fields as they are called behind a map; nil where it leaves one out.
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
