package chain

import (
	"github.com/livec-lang/livec/relation"
)

// Uses reports whether x looks at the row that is depth rows out.
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

// known reports whether x depends only on columns of its row that are known from the row alone.
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

// lift takes an expression that stands one row further in out to the row around: no column of it is of the inner row, and it runs no
// plan, since EqualityOf lets none through.
func lift(x relation.Expr) relation.Expr {
	if c, ok := x.(*relation.Col); ok {
		out := *c
		out.Depth--
		return &out
	}
	return relation.Replace(x, func(in relation.Part) relation.Part { return lift(in.(relation.Expr)) }).(relation.Expr)
}

// tables calls fn with each scan of a plan, or in an expression, and the conditions of the filters right above it.
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

// filtered is the table that a plan filters, with the conditions; nil where a plan does more, or p is no plan.
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
