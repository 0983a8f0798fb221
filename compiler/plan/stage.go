package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// stage lowers one stage on top of in.
func (l *lowerer) stage(in *rows, s ir.Stage) error {
	switch s := s.(type) {
	case *ir.FilterStage:
		return l.filter(in, s)
	case *ir.SortStage:
		return l.sort(in, s)
	case *ir.LimitStage:
		l.total(in)
		in.node = &relation.Limit{Input: in.node, N: int(s.N)}
	case *ir.PageStage:
		l.total(in)
		in.node = &relation.Page{Input: in.node, N: int(s.N)}
	case *ir.JoinStage:
		return l.join(in, s)
	case *ir.MapStage:
		return l.mapping(in, s)
	case *ir.GroupStage:
		return l.group(in, s)
	case *ir.ReduceStage:
		return l.reduce(in, s)
	case *ir.FindStage:
		return l.find(in, s)
	default:
		return unplannablef(l.query.Pos, "this stage cannot run in the database")
	}
	return nil
}

func (l *lowerer) filter(in *rows, s *ir.FilterStage) error {
	cond, err := l.over(in, s.Row, s.Cond)
	if err != nil {
		return err
	}
	in.node = &relation.Filter{Input: in.node, Cond: cond}
	return nil
}

func (l *lowerer) sort(in *rows, s *ir.SortStage) error {
	var by []relation.SortKey
	for _, k := range s.Keys {
		x, err := l.over(in, s.Row, k.X)
		if err != nil {
			return err
		}
		by = append(by, relation.SortKey{Expr: x, Desc: k.Desc})
	}
	in.node = &relation.Sort{Input: in.node, By: tieBreak(in, by)}
	in.ordered = true
	return nil
}

func (l *lowerer) join(in *rows, s *ir.JoinStage) error {
	j := &relation.Join{Input: in.node, Optional: s.Optional, As: s.As, Replace: -1}
	for _, x := range s.Left {
		left, err := l.over(in, s.Row, x)
		if err != nil {
			return err
		}
		j.LeftOn = append(j.LeftOn, left)
	}
	for _, f := range s.On {
		j.RightOn = append(j.RightOn, f.Column)
	}
	right, err := l.scan(s.Right)
	if err != nil {
		return err
	}
	j.Right = right.node
	for _, f := range s.Fields {
		j.Fields = append(j.Fields, f.Column)
	}
	for i, c := range in.schema {
		if c.Name == s.As {
			j.Replace = i
		}
	}
	for _, k := range in.key {
		if k == j.Replace {
			in.key = nil
			break
		}
	}
	in.node, in.schema = j, relation.SchemaOf(j)
	return nil
}

func (l *lowerer) mapping(in *rows, s *ir.MapStage) error {
	fields := s.Fields
	if s.X != nil {
		fields = []ir.FieldInit{{X: s.X}} // a column without a name: the rows are single values
	}
	m := &relation.Map{Input: in.node}
	from := map[int]int{} // old column → new column
	for i, f := range fields {
		x, err := l.over(in, s.Row, f.X)
		if err != nil {
			return err
		}
		col := l.resultColumn(f, x)
		if c, ok := x.(*relation.Col); ok && c.Depth == 0 && c.Path == nil {
			if _, seen := from[c.Index]; !seen {
				from[c.Index] = i
			}
		}
		m.Exprs = append(m.Exprs, relation.Named{Column: col, Expr: x})
	}
	in.node, in.schema, in.key = m, relation.SchemaOf(m), renumber(in.key, from)
	return nil
}

// resultColumn returns the column for a field of a map. A column that is passed on keeps its nested fields and its hidden parts.
func (l *lowerer) resultColumn(f ir.FieldInit, x relation.Expr) relation.Column {
	name, secret := f.Name, ir.IsSecret(f.X)
	if f.Field != nil {
		name, secret = f.Field.Name, f.Field.Secret
	}
	col := Column(name, f.X.Type())
	if c, ok := x.(*relation.Col); ok && c.Path == nil {
		col = l.scopes[len(l.scopes)-1-c.Depth].schema[c.Index]
		col.Name = name
	} else if s, ok := x.(*relation.Sub); ok && s.Kind == relation.Record {
		col = relation.Column{Name: name, Kind: relation.Record, Nullable: true, Fields: relation.SchemaOf(s.Plan.Input)}
	}
	col.Secret = secret
	return col
}

func renumber(key []int, from map[int]int) []int {
	if key == nil {
		return nil
	}
	out := make([]int, len(key))
	for i, k := range key {
		to, ok := from[k]
		if !ok {
			return nil
		}
		out[i] = to
	}
	return out
}

func (l *lowerer) group(in *rows, s *ir.GroupStage) error {
	g := &relation.Group{Input: in.node}
	var key []int
	for i, k := range s.Keys {
		x, err := l.over(in, s.Row, k.X)
		if err != nil {
			return err
		}
		col := l.resultColumn(k, x)
		g.Keys = append(g.Keys, relation.Named{Column: col, Expr: x})
		key = append(key, i)
	}
	for _, a := range s.Aggs {
		agg, err := l.agg(in, s.Row, a.Func, a.X)
		if err != nil {
			return err
		}
		col := Column(a.Field.Name, a.Field.Type)
		col.Secret = a.Field.Secret
		g.Aggs = append(g.Aggs, relation.NamedAgg{Column: col, Agg: agg})
	}
	*in = rows{node: g, schema: relation.SchemaOf(g), key: key}
	return nil
}

var aggFuncs = map[string]relation.AggFunc{
	"count": relation.Count, "sum": relation.Sum, "avg": relation.Avg, "min": relation.Min, "max": relation.Max,
	"first": relation.First, "any": relation.Any, "all": relation.All,
}

func (l *lowerer) agg(in *rows, row *ir.Var, name string, x ir.Expr) (relation.Agg, error) {
	fn, ok := aggFuncs[name]
	if !ok {
		return relation.Agg{}, unplannablef(l.query.Pos, "`%s` cannot run in the database", name)
	}
	agg := relation.Agg{Func: fn}
	if x == nil {
		return agg, nil
	}
	var err error
	agg.Expr, err = l.over(in, row, x)
	return agg, err
}

func (l *lowerer) reduce(in *rows, s *ir.ReduceStage) error {
	agg, err := l.agg(in, s.Row, s.Func, s.X)
	if err != nil {
		return err
	}
	if agg.Func == relation.First {
		l.total(in)
	}
	in.node, in.single = &relation.Reduce{Input: in.node, Agg: agg}, true
	return nil
}

func (l *lowerer) find(in *rows, s *ir.FindStage) error {
	var cond relation.Expr
	for i, x := range s.Keys {
		key, err := l.over(in, nil, x)
		if err != nil {
			return err
		}
		cond = joined(relation.And, cond, equals(column(in.schema, 0, in.key[i]), key, in.schema[in.key[i]]))
	}
	in.node = &relation.Filter{Input: in.node, Cond: cond}
	l.total(in)
	in.node, in.single = &relation.Reduce{Input: in.node, Agg: relation.Agg{Func: relation.First}}, true
	return nil
}
