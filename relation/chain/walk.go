package chain

import (
	"github.com/livec-lang/livec/relation"
)

// Uses reports whether x reads the row that is depth levels out.
func Uses(x relation.Expr, depth int) bool {
	found := false
	relation.WalkExprs(x, func(x relation.Expr, inner int) bool {
		if c, ok := x.(*relation.Col); ok && c.Depth == depth+inner {
			found = true
		}
		return !found
	})
	return found
}

// ReadsTables reports whether x runs a plan.
func ReadsTables(x relation.Expr) bool {
	found := false
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		switch x.(type) {
		case *relation.InPlan, *relation.Sub:
			found = true
		}
		return !found
	})
	return found
}

// readsParams reports whether x depends on a parameter.
func readsParams(x relation.Expr) bool {
	found := false
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		_, param := x.(*relation.Param)
		found = found || param
		return !found
	})
	return found
}

// known reports whether x depends only on columns that depend only on the row.
func known(x relation.Expr, columns []bool) bool {
	ok := true
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		switch x := x.(type) {
		case *relation.InPlan, *relation.Sub:
			ok = false
		case *relation.Col:
			ok = ok && x.Depth == 0 && columns[x.Index]
		}
		return ok
	})
	return ok
}

// lift moves an expression from an inner row to the row around it. The expression does not read the inner row and
// contains no plan, which EqualityOf ensures.
func lift(x relation.Expr) relation.Expr {
	if c, ok := x.(*relation.Col); ok {
		out := *c
		out.Depth--
		return &out
	}
	return relation.Replace(x, func(in relation.Part) relation.Part { return lift(in.(relation.Expr)) }).(relation.Expr)
}

// tables calls fn for each scan in a plan or an expression, with the conditions of the filters directly above it.
func tables(p relation.Part, fn func(s *relation.Scan, conds []relation.Expr)) {
	each := func(p relation.Part) {
		relation.Children(p, func(in relation.Part, _ int) { tables(in, fn) })
	}
	s, conds := filtered(p)
	if s == nil {
		each(p)
		return
	}
	fn(s, conds)
	for _, c := range conds {
		each(c)
	}
}

// filtered returns the table that a plan filters, with the conditions; nil if the plan does more, or if p is not a plan.
func filtered(p relation.Part) (s *relation.Scan, conds []relation.Expr) {
	for {
		switch n := p.(type) {
		case *relation.Filter:
			conds = append(conds, Conjuncts(n.Cond)...)
			p = n.Input
		case *relation.Scan:
			return n, conds
		default:
			return nil, nil
		}
	}
}
