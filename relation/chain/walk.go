package chain

import "github.com/livec-lang/livec/relation"

// Walk calls fn with x and the expressions in it, each with how many rows are around it more than around x, until fn returns false. It enters the plans of Sub and InPlan.
func Walk(x relation.Expr, fn func(x relation.Expr, depth int) bool) { walk(x, 0, fn) }

func walk(x relation.Expr, depth int, fn func(relation.Expr, int) bool) {
	if x == nil || !fn(x, depth) {
		return
	}
	switch x := x.(type) {
	case *relation.Unary:
		walk(x.X, depth, fn)
	case *relation.Binary:
		walk(x.L, depth, fn)
		walk(x.R, depth, fn)
	case *relation.Cond:
		walk(x.If, depth, fn)
		walk(x.Then, depth, fn)
		walk(x.Else, depth, fn)
	case *relation.Func:
		for _, a := range x.Args {
			walk(a, depth, fn)
		}
	case *relation.InList:
		walk(x.X, depth, fn)
		walk(x.List, depth, fn)
	case *relation.InPlan:
		walk(x.X, depth, fn)
		walkNode(x.Plan, depth+1, fn)
	case *relation.Sub:
		walkNode(x.Plan, depth+1, fn)
	}
}

// walkNode walks the expressions of a plan, whose rows are at depth.
func walkNode(n relation.Node, depth int, fn func(relation.Expr, int) bool) {
	switch n := n.(type) {
	case *relation.Filter:
		walkNode(n.Input, depth, fn)
		walk(n.Cond, depth, fn)
	case *relation.Sort:
		walkNode(n.Input, depth, fn)
		for _, k := range n.By {
			walk(k.Expr, depth, fn)
		}
	case *relation.Limit:
		walkNode(n.Input, depth, fn)
	case *relation.Page:
		walkNode(n.Input, depth, fn)
	case *relation.Join:
		walkNode(n.Input, depth, fn)
		for _, x := range n.LeftOn {
			walk(x, depth, fn)
		}
		walkNode(n.Right, depth+1, fn)
	case *relation.Map:
		walkNode(n.Input, depth, fn)
		for _, e := range n.Exprs {
			walk(e.Expr, depth, fn)
		}
	case *relation.Group:
		walkNode(n.Input, depth, fn)
		for _, k := range n.Keys {
			walk(k.Expr, depth, fn)
		}
		for _, a := range n.Aggs {
			walk(a.Agg.Expr, depth, fn)
		}
	case *relation.Reduce:
		walkNode(n.Input, depth, fn)
		walk(n.Agg.Expr, depth, fn)
	}
}

// Uses tells whether x looks at the row that is depth rows out.
func Uses(x relation.Expr, depth int) bool {
	found := false
	Walk(x, func(x relation.Expr, inner int) bool {
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
	Walk(x, func(x relation.Expr, _ int) bool {
		switch x.(type) {
		case *relation.InPlan, *relation.Sub:
			found = true
		}
		return !found
	})
	return found
}

// known tells whether x depends only on columns of its row that are known from the row alone.
func known(x relation.Expr, columns []bool) bool {
	ok := true
	Walk(x, func(x relation.Expr, _ int) bool {
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
	}
	return x
}

// tables calls fn with each scan of a plan and the filters right above it.
func tables(n relation.Node, fn func(s *relation.Scan, conds []relation.Expr)) {
	var conds []relation.Expr
	for at := n; ; {
		if f, ok := at.(*relation.Filter); ok {
			conds = append(conds, Conjuncts(f.Cond)...)
			at = f.Input
			continue
		}
		if s, ok := at.(*relation.Scan); ok {
			fn(s, conds)
			for _, c := range conds {
				innerTables(c, fn)
			}
			return
		}
		break
	}
	switch n := n.(type) {
	case *relation.Filter:
		innerTables(n.Cond, fn)
		tables(n.Input, fn)
	case *relation.Sort:
		for _, k := range n.By {
			innerTables(k.Expr, fn)
		}
		tables(n.Input, fn)
	case *relation.Limit:
		tables(n.Input, fn)
	case *relation.Page:
		tables(n.Input, fn)
	case *relation.Join:
		for _, x := range n.LeftOn {
			innerTables(x, fn)
		}
		tables(n.Right, fn)
		tables(n.Input, fn)
	case *relation.Map:
		for _, e := range n.Exprs {
			innerTables(e.Expr, fn)
		}
		tables(n.Input, fn)
	case *relation.Group:
		for _, k := range n.Keys {
			innerTables(k.Expr, fn)
		}
		for _, a := range n.Aggs {
			innerTables(a.Agg.Expr, fn)
		}
		tables(n.Input, fn)
	case *relation.Reduce:
		innerTables(n.Agg.Expr, fn)
		tables(n.Input, fn)
	}
}

// innerTables is tables for the plans in an expression.
func innerTables(x relation.Expr, fn func(*relation.Scan, []relation.Expr)) {
	eachPlan(x, func(n relation.Node) { tables(n, fn) })
}

// eachPlan calls fn with the plans in an expression that are not in another one of them.
func eachPlan(x relation.Expr, fn func(relation.Node)) {
	Walk(x, func(x relation.Expr, _ int) bool {
		switch x := x.(type) {
		case *relation.InPlan:
			fn(x.Plan)
			eachPlan(x.X, fn)
			return false
		case *relation.Sub:
			fn(x.Plan)
			return false
		}
		return true
	})
}
