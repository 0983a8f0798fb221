package sqlite

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// state is the columns that the state of an aggregate takes: how many values went in, and what they come to.
func (k *compiler) state(s *selection, agg relation.Agg) ([]string, relation.Schema, error) {
	cols := relation.Schema{{Kind: relation.Int}, {Kind: relation.Int, Nullable: true}}
	if agg.Expr == nil {
		return []string{"count(*)", "NULL"}, cols, nil
	}
	x, err := k.over(s, agg.Expr)
	if err != nil {
		return nil, nil, err
	}
	if x.isRecord() {
		return nil, nil, fmt.Errorf("a whole record cannot be aggregated")
	}
	count := "count(" + x.sql + ")"
	switch agg.Func {
	case relation.Count:
		return []string{"count(*)", "NULL"}, cols, nil
	case relation.Sum, relation.Avg:
		if relation.KindOf(agg.Expr) == relation.Float {
			cols[1].Kind = relation.Bytes
			return []string{count, "live_exact_sum(" + x.sql + ")"}, cols, nil
		}
		return []string{count, "coalesce(sum(" + x.sql + "), 0)"}, cols, nil
	case relation.Min, relation.Max:
		cols[1].Kind = relation.KindOf(agg.Expr)
		return []string{count, extremum(agg, x).sql}, cols, nil
	case relation.Any:
		return []string{"coalesce(sum(" + x.truth() + "), 0)", "NULL"}, cols, nil
	case relation.All:
		return []string{"coalesce(sum(NOT " + x.truth() + "), 0)", "NULL"}, cols, nil
	}
	return nil, nil, fmt.Errorf("an aggregate without a state")
}

// steps writes the steps of a chain that has no limit.
func (w *writer) steps(k *compiler) (*selection, error) {
	s := &window{selection: k.scan(w.chain.Table)}
	for _, step := range w.chain.Steps {
		if err := k.step(s, step); err != nil {
			return nil, err
		}
	}
	return s.selection, nil
}

func (w *writer) value() {
	w.statement("value", func(k *compiler) (string, relation.Schema, error) {
		s, err := w.steps(k)
		if err != nil {
			return "", nil, err
		}
		cols, out, err := k.state(s, w.chain.Agg)
		if err != nil {
			return "", nil, err
		}
		return s.text(cols), out, nil
	})
}

func (w *writer) groups() {
	build := func(role string, narrow func(k *compiler, s *selection, keys []value)) {
		w.statement(role, func(k *compiler) (string, relation.Schema, error) {
			g := w.chain.Group
			s, err := w.steps(k)
			if err != nil {
				return "", nil, err
			}
			var keys []value
			var out relation.Schema
			for _, key := range g.Keys {
				x, err := k.over(s, key.Expr)
				if err != nil {
					return "", nil, err
				}
				keys, out = append(keys, x), append(out, key.Column)
			}
			cols := append(flat(keys), "count(*)")
			out = append(out, relation.Column{Kind: relation.Int})
			for _, a := range g.Aggs {
				state, kinds, err := k.state(s, a.Agg)
				if err != nil {
					return "", nil, err
				}
				cols, out = append(cols, state...), append(out, kinds...)
			}
			narrow(k, s, keys)
			return s.textGroup(cols, " GROUP BY "+strings.Join(flat(keys), ", ")), out, nil
		})
	}
	build("groups", func(*compiler, *selection, []value) {})
	build("group", func(k *compiler, s *selection, keys []value) {
		for _, v := range keys {
			op := " = "
			if v.null {
				op = " IS "
			}
			s.where = append(s.where, v.sql+op+k.bind())
		}
	})
}

func (w *writer) all() {
	w.statement("all", func(k *compiler) (string, relation.Schema, error) {
		k.paged = true
		if r, ok := w.plan.(*relation.Reduce); ok {
			text, err := k.result(r)
			return text, relation.SchemaOf(r), err
		}
		s, err := k.plan(w.plan)
		if err != nil {
			return "", nil, err
		}
		s.settle()
		out := make(relation.Schema, len(s.ident))
		kinds := identity(w.plan)
		copy(out, kinds)
		return s.text(append(flat(s.ident), flat(s.cols)...)), append(out, relation.SchemaOf(w.plan)...), nil
	})
}

// identity is the columns of what identifies the rows of a plan.
func identity(n relation.Node) relation.Schema {
	switch n := n.(type) {
	case *relation.Scan:
		var out relation.Schema
		for _, c := range n.Table.Key {
			out = append(out, n.Table.Columns[c])
		}
		return out
	case *relation.Group:
		var out relation.Schema
		for _, k := range n.Keys {
			out = append(out, k.Column)
		}
		return out
	case *relation.Filter, *relation.Sort, *relation.Limit, *relation.Page, *relation.Join, *relation.Map:
		return identity(relation.Input(n))
	}
	panic(fmt.Sprintf("nothing identifies the rows of a %T", n))
}
