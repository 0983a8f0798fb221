package chain

import (
	"fmt"

	"github.com/livec-lang/livec/relation"
)

// Uses tells whether x looks at the row that is depth rows out.
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

// ReadsTables tells whether x runs a plan.
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

// readsParams tells whether x depends on a parameter.
func readsParams(x relation.Expr) bool {
	found := false
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		_, param := x.(*relation.Param)
		found = found || param
		return !found
	})
	return found
}

// known tells whether x depends only on columns of its row that are known from the row alone.
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

// lift takes an expression that stands one row further in out to the row around: no column of it is of the inner row.
func lift(x relation.Expr) relation.Expr {
	switch x := x.(type) {
	case *relation.Col:
		c := *x
		c.Depth--
		return &c
	case *relation.Unary:
		c := *x
		c.X = lift(x.X)
		return &c
	case *relation.Binary:
		c := *x
		c.L, c.R = lift(x.L), lift(x.R)
		return &c
	case *relation.Cond:
		c := *x
		c.If, c.Then, c.Else = lift(x.If), lift(x.Then), lift(x.Else)
		return &c
	case *relation.Func:
		c := *x
		c.Args = make([]relation.Expr, len(x.Args))
		for i, a := range x.Args {
			c.Args[i] = lift(a)
		}
		return &c
	case *relation.InList:
		c := *x
		c.X, c.List = lift(x.X), lift(x.List)
		return &c
	case *relation.Param, *relation.Const:
		return x
	}
	panic(fmt.Sprintf("a %T cannot be computed one row further out", x)) // EqualityOf lets no plans through
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
