package sqlite

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// reduce writes an aggregate over a selection of rows of a schema as one value.
func (k *compiler) reduce(s *selection, agg relation.Agg, schema relation.Schema) (value, error) {
	if agg.Func == relation.First {
		s = k.limited(s, "1")
		return value{sql: "(" + s.text([]string{pack(s.cols)}) + ")", null: true, schema: schema}, nil
	}
	if s.limit != "" {
		s = k.wrap(s)
	}
	s.order, s.by = nil, nil
	if agg.Func == relation.Any || agg.Func == relation.All {
		not := ""
		if agg.Expr != nil {
			x, err := k.over(s, agg.Expr)
			if err != nil {
				return x, err
			}
			cond := x
			if agg.Func == relation.All {
				cond = value{sql: "(NOT " + x.truth() + ")"}
			}
			s.add(cond, fallible(agg.Expr))
		}
		if agg.Func == relation.All {
			not = "NOT "
		}
		return value{sql: "(" + not + "EXISTS (" + s.text([]string{"1"}) + "))"}, nil
	}
	x, err := k.aggregate(s, agg)
	if err != nil {
		return x, err
	}
	x.sql = "(" + s.text([]string{x.sql}) + ")"
	return x, nil
}

// aggregate writes an aggregate over the rows of a selection, or of each of its groups.
func (k *compiler) aggregate(s *selection, agg relation.Agg) (value, error) {
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
	float := relation.KindOf(agg.Expr) == relation.Float
	switch agg.Func {
	case relation.Sum:
		if float {
			return value{sql: "live_sum(" + x.sql + ")"}, nil
		}
		return value{sql: "live_int(coalesce(sum(" + x.sql + "), 0))"}, nil
	case relation.Avg:
		if float {
			return value{sql: "live_avg(" + x.sql + ")", null: true}, nil
		}
		return value{sql: "(CAST(live_int(sum(" + x.sql + ")) AS REAL) / count(" + x.sql + "))", null: true}, nil
	case relation.Min, relation.Max:
		return extremum(agg, x), nil
	case relation.Any:
		return value{sql: "coalesce(max(" + x.truth() + "), 0)"}, nil
	case relation.All:
		return value{sql: "coalesce(min(" + x.truth() + "), 1)"}, nil
	}
	return value{}, fmt.Errorf("this aggregate has no form in a group")
}

// extremum writes min or max. That of an enumeration is found by its order.
func extremum(agg relation.Agg, x value) value {
	fn := "min"
	if agg.Func == relation.Max {
		fn = "max"
	}
	c, ok := agg.Expr.(*relation.Col)
	if !ok || c.Kind != relation.Enum || len(c.Enum) == 0 {
		return value{sql: fn + "(" + x.sql + ")", null: true}
	}
	var b strings.Builder
	b.WriteString("(CASE " + fn + "(" + ordered(x.sql, c.Enum) + ")")
	for i, v := range c.Enum {
		fmt.Fprintf(&b, " WHEN %d THEN %s", i, text(v))
	}
	b.WriteString(" END)")
	return value{sql: b.String(), null: true}
}
