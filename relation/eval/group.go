package eval

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/relation"
)

// group returns a function for a group. Its rows are in the order of their keys.
func (k *compiler) group(in items, n *relation.Group) (items, []relation.Kind, error) {
	keys, ids := make([]Expr, len(n.Keys)), make([]relation.Kind, len(n.Keys))
	for i, key := range n.Keys {
		var err error
		if keys[i], err = k.expr(key.Expr); err != nil {
			return nil, nil, err
		}
		ids[i] = key.Kind
	}
	aggs := make([]aggregate, len(n.Aggs))
	for i, a := range n.Aggs {
		var err error
		if aggs[i], err = k.aggregate(a.Agg); err != nil {
			return nil, nil, err
		}
	}
	type group struct {
		key  relation.Row
		rows []relation.Row
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		var groups []*group
		by := map[string]*group{}
		if len(keys) == 0 {
			groups = append(groups, &group{})
			by[""] = groups[0]
		}
		for _, it := range rows {
			key := make(relation.Row, len(keys))
			var name []byte
			for i, x := range keys {
				if key[i], err = x(p, it.row); err != nil {
					return nil, err
				}
				name = AppendKey(name, key[i])
			}
			g := by[string(name)]
			if g == nil {
				g = &group{key: key}
				groups = append(groups, g)
				by[string(name)] = g
			}
			g.rows = append(g.rows, it.row)
		}
		slices.SortFunc(groups, func(a, b *group) int { return compareIDs(ids, a.key, b.key) })
		out := make([]item, len(groups))
		for i, g := range groups {
			out[i] = item{row: slices.Clone(g.key), id: g.key}
			for _, a := range aggs {
				v, err := a(p, g.rows)
				if err != nil {
					return nil, err
				}
				out[i].row = append(out[i].row, v)
			}
		}
		return out, nil
	}, ids, nil
}

// reduce returns a function for a plan that has one value.
func (k *compiler) reduce(n *relation.Reduce) (func(p *Params) (relation.Value, error), error) {
	in, _, err := k.node(n.Input)
	if err != nil {
		return nil, err
	}
	k.rows = append(k.rows, relation.SchemaOf(n.Input))
	agg, err := k.aggregate(n.Agg)
	k.rows = k.rows[:len(k.rows)-1]
	if err != nil {
		return nil, err
	}
	return func(p *Params) (relation.Value, error) {
		found, err := in(p)
		if err != nil {
			return nil, err
		}
		rows := make([]relation.Row, len(found))
		for i, it := range found {
			rows[i] = it.row
		}
		return agg(p, rows)
	}, nil
}

// aggregate is a function over rows.
type aggregate func(p *Params, rows []relation.Row) (relation.Value, error)

func (k *compiler) aggregate(a relation.Agg) (aggregate, error) {
	switch {
	case a.Func == relation.Count, a.Func == relation.Any && a.Expr == nil:
		some := a.Func == relation.Any
		return func(_ *Params, rows []relation.Row) (relation.Value, error) {
			if some {
				return len(rows) > 0, nil
			}
			return int64(len(rows)), nil
		}, nil
	case a.Func == relation.First:
		return func(_ *Params, rows []relation.Row) (relation.Value, error) {
			if len(rows) == 0 {
				return nil, nil
			}
			return rows[0], nil
		}, nil
	}
	x, err := k.expr(a.Expr)
	if err != nil {
		return nil, err
	}
	if a.Func == relation.Any || a.Func == relation.All {
		return quantifier(x, a.Func == relation.Any), nil
	}
	kind, enum := relation.KindOf(a.Expr), []string(nil)
	if c, ok := a.Expr.(*relation.Col); ok {
		enum = c.Enum
	}
	return func(p *Params, rows []relation.Row) (relation.Value, error) {
		var values []relation.Value
		for _, r := range rows {
			v, err := x(p, r)
			if err != nil {
				return nil, err
			}
			if v != nil {
				values = append(values, v)
			}
		}
		switch a.Func {
		case relation.Known:
			return int64(len(values)), nil
		case relation.Min, relation.Max:
			return extremum(a.Func, kind, enum, values), nil
		case relation.Sum, relation.Avg, relation.ExactSum:
			return sumOf(a.Func, kind, values)
		}
		return nil, fmt.Errorf("the aggregate %s", a.Func)
	}, nil
}

// quantifier returns Any if some is set, or else All: the condition holds for every row.
func quantifier(x Expr, some bool) aggregate {
	return func(p *Params, rows []relation.Row) (relation.Value, error) {
		for _, r := range rows {
			v, err := x(p, r)
			if err != nil {
				return nil, err
			}
			if (v == true) == some {
				return some, nil
			}
		}
		return !some, nil
	}
}

func extremum(fn relation.AggFunc, kind relation.Kind, enum []string, values []relation.Value) (best relation.Value) {
	for i, v := range values {
		c := 0
		if i > 0 {
			c = Compare(kind, enum, v, best)
		}
		if i == 0 || fn == relation.Min && c < 0 || fn == relation.Max && c > 0 {
			best = v
		}
	}
	return best
}

// sumOf returns a sum or an average. Floats are added exactly.
func sumOf(fn relation.AggFunc, kind relation.Kind, values []relation.Value) (relation.Value, error) {
	n := int64(len(values))
	if kind == relation.Float {
		var sum Sum
		for _, v := range values {
			sum.Add(number(v), 1)
		}
		switch fn {
		case relation.ExactSum:
			return sum.Bytes(), nil
		case relation.Avg:
			return sum.Avg(n)
		}
		return sum.Float()
	}
	sum := int64(0)
	for _, v := range values {
		x := integer(v)
		before := sum
		if sum += x; x >= 0 != (sum >= before) {
			return nil, ErrRange
		}
	}
	if _, err := Int(sum); err != nil {
		return nil, err
	}
	if fn == relation.Avg {
		return AvgInt(sum, n), nil
	}
	return sum, nil
}
