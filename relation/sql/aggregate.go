package sql

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// reduce writes an aggregate over the rows of a selection as one value.
func (k *compiler) reduce(s *selection, n *relation.Reduce) (value, error) {
	agg := n.Agg
	if agg.Func == relation.First {
		s = k.limited(s, "1")
		packed, err := k.pack(s.cols, n)
		return value{sql: "(" + k.text(s, []string{packed}) + ")", null: true, schema: relation.SchemaOf(n.Input)}, err
	}
	s = k.open(s)
	s.by = nil
	if agg.Func == relation.Any || agg.Func == relation.All {
		return k.exists(s, agg)
	}
	x, err := k.aggregate(s, agg, n)
	if err != nil {
		return x, err
	}
	x.sql = "(" + k.text(s, []string{x.sql}) + ")"
	return x, nil
}

// exists writes Any or All.
func (k *compiler) exists(s *selection, agg relation.Agg) (value, error) {
	if agg.Expr != nil {
		cond, err := k.over(s, agg.Expr)
		if err != nil {
			return cond, err
		}
		if agg.Func == relation.All {
			cond = value{sql: "(NOT " + k.truth(cond) + ")"}
		}
		k.where(s, cond, relation.MayFail(agg.Expr))
	}
	not := ""
	if agg.Func == relation.All {
		not = "NOT "
	}
	return value{sql: "(" + not + "EXISTS (" + k.text(s, []string{"1"}) + "))"}, nil
}

// aggregate writes an aggregate over the rows of a selection, or over the rows of each of its groups.
func (k *compiler) aggregate(s *selection, agg relation.Agg, n relation.Part) (value, error) {
	if agg.Func == relation.Count {
		return value{sql: "count(*)"}, nil
	}
	if agg.Expr == nil {
		return value{}, fmt.Errorf("this aggregate has no form in a group")
	}
	x, err := k.over(s, agg.Expr)
	if err != nil {
		return x, err
	}
	if x.isRecord() {
		return x, fmt.Errorf("a whole record cannot be aggregated")
	}
	kind := relation.KindOf(agg.Expr)
	switch agg.Func {
	case relation.Known:
		return value{sql: "count(" + x.sql + ")"}, nil
	case relation.Any, relation.All:
		sql, err := supported(k.f.Aggregate(agg.Func, k.truth(x), kind), n)
		return value{sql: sql}, err
	case relation.Sum, relation.ExactSum:
		sql, err := supported(k.f.Aggregate(agg.Func, x.sql, kind), n)
		return value{sql: sql}, err
	case relation.Avg:
		sql, err := supported(k.f.Aggregate(agg.Func, x.sql, kind), n)
		return value{sql: sql, null: true}, err
	case relation.Min, relation.Max:
		sql, err := supported(k.extremum(agg, x.sql, kind), n)
		return value{sql: sql, null: true}, err
	}
	return value{}, fmt.Errorf("the aggregate %s has no form in a group", agg.Func)
}

// extremum writes min or max. For an enum it uses the order of its values.
func (k *compiler) extremum(agg relation.Agg, x string, kind relation.Kind) string {
	c, ok := agg.Expr.(*relation.Col)
	if !ok || c.Kind != relation.Enum || len(c.Enum) == 0 {
		return k.f.Aggregate(agg.Func, k.ordered(x, kind, nil), kind)
	}
	best := k.f.Aggregate(agg.Func, k.ordered(x, kind, c.Enum), relation.Int)
	if best == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("(CASE " + best)
	for i, v := range c.Enum {
		fmt.Fprintf(&b, " WHEN %d THEN %s", i, k.f.Text(v))
	}
	b.WriteString(" END)")
	return b.String()
}
