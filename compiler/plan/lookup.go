package plan

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// lookup is a table that a plan looks through, with the columns that it asks for certain values of.
type lookup struct {
	table *relation.Table
	cols  []int
}

// lookups finds all tables that a plan scans, in order, also for the rows of others.
func lookups(n relation.Node) []lookup {
	f := &finder{}
	f.node(n, nil)
	return f.found
}

type finder struct{ found []lookup }

// node goes through a plan. conds are the conditions of the filters above it that its rows come from unchanged.
func (f *finder) node(n relation.Node, conds []relation.Expr) {
	switch n := n.(type) {
	case *relation.Scan:
		l := lookup{table: n.Table}
		for _, c := range conds {
			l.asked(c)
		}
		f.found = append(f.found, l)
	case *relation.Filter:
		f.expr(n.Cond)
		f.node(n.Input, append(slices.Clone(conds), n.Cond))
	case *relation.Sort:
		for _, k := range n.By {
			f.expr(k.Expr)
		}
		f.node(n.Input, conds)
	case *relation.Limit:
		f.node(n.Input, nil)
	case *relation.Page:
		f.node(n.Input, conds)
	case *relation.Join: // its right side is found by key
		f.node(n.Input, nil)
	case *relation.Map:
		for _, e := range n.Exprs {
			f.expr(e.Expr)
		}
		f.node(n.Input, nil)
	case *relation.Group:
		f.node(n.Input, nil)
	case *relation.Reduce:
		f.expr(n.Agg.Expr)
		f.node(n.Input, nil)
	}
}

// expr looks for the plans inside of an expression.
func (f *finder) expr(x relation.Expr) {
	switch x := x.(type) {
	case *relation.Unary:
		f.expr(x.X)
	case *relation.Binary:
		f.expr(x.L)
		f.expr(x.R)
	case *relation.Cond:
		f.expr(x.If)
		f.expr(x.Then)
		f.expr(x.Else)
	case *relation.Func:
		for _, a := range x.Args {
			f.expr(a)
		}
	case *relation.InList:
		f.expr(x.X)
		f.expr(x.List)
	case *relation.InPlan:
		f.expr(x.X)
		f.node(x.Plan, nil)
	case *relation.Sub:
		f.node(x.Plan, nil)
	}
}

// asked adds the columns that a condition compares with a value that hangs on no row of the table. One of a few literals tells too few rows apart to be worth an index.
func (l *lookup) asked(cond relation.Expr) {
	switch x := cond.(type) {
	case *relation.Binary:
		switch x.Op {
		case relation.And:
			l.asked(x.L)
			l.asked(x.R)
		case relation.Eq:
			l.equal(x.L, x.R)
			l.equal(x.R, x.L)
		}
	case *relation.InList:
		if x.Of != relation.Enum && x.Of != relation.Bool {
			l.equal(x.X, x.List)
		}
	}
}

func (l *lookup) equal(x, to relation.Expr) {
	c, ok := x.(*relation.Col)
	if !ok || c.Depth != 0 || c.Path != nil || ofRow(to) {
		return
	}
	if _, literal := to.(*relation.Const); literal && (c.Kind == relation.Enum || c.Kind == relation.Bool) {
		return
	}
	if !slices.Contains(l.cols, c.Index) {
		l.cols = append(l.cols, c.Index)
	}
}

// ofRow tells whether a value hangs on the row at hand, or on a table.
func ofRow(x relation.Expr) bool {
	switch x := x.(type) {
	case nil, *relation.Const, *relation.Param:
		return false
	case *relation.Col:
		return x.Depth == 0
	case *relation.Unary:
		return ofRow(x.X)
	case *relation.Binary:
		return ofRow(x.L) || ofRow(x.R)
	case *relation.Cond:
		return ofRow(x.If) || ofRow(x.Then) || ofRow(x.Else)
	case *relation.Func:
		return slices.ContainsFunc(x.Args, ofRow)
	}
	return true
}
