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
	f.part(n, nil)
	return f.found
}

type finder struct{ found []lookup }

// part goes through a plan or an expression. conds are the conditions of the filters above it that its rows come from unchanged.
func (f *finder) part(p relation.Part, conds []relation.Expr) {
	var input relation.Node // whose rows are those that conds speak of
	switch n := p.(type) {
	case *relation.Scan:
		l := lookup{table: n.Table}
		for _, c := range conds {
			l.asked(c)
		}
		f.found = append(f.found, l)
	case *relation.Filter:
		input, conds = n.Input, append(slices.Clone(conds), n.Cond)
	case *relation.Sort:
		input = n.Input
	case *relation.Page:
		input = n.Input
	case *relation.Join:
		f.joined(n)
		return
	}
	relation.Children(p, func(in relation.Part, _ int) {
		if in == input {
			f.part(in, conds)
		} else {
			f.part(in, nil)
		}
	})
}

// joined goes through a join, whose right side is found by key: only what its policy looks up counts.
func (f *finder) joined(n *relation.Join) {
	relation.Children(n, func(in relation.Part, _ int) {
		if in != n.Right {
			f.part(in, nil)
			return
		}
		relation.WalkExprs(in, func(x relation.Expr, _ int) bool {
			f.part(x, nil)
			return false
		})
	})
}

// asked adds the columns that a condition compares with a value that hangs on no row of the table. One of a few literals tells too few
// rows apart to be worth an index.
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

// ofRow reports whether a value hangs on the row at hand, or on a table.
func ofRow(x relation.Expr) bool {
	found := false
	relation.Walk(x, func(p relation.Part, depth int) bool {
		switch p := p.(type) {
		case *relation.Col:
			found = found || p.Depth == depth
		case relation.Node:
			found = true
		}
		return !found
	})
	return found
}
