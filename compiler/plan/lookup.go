package plan

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// lookup is a table that a plan scans, with the columns that it compares with certain values.
type lookup struct {
	table *relation.Table
	cols  []int
}

// lookups finds all tables that a plan scans, in order, including those scanned for rows of other tables.
func lookups(n relation.Node) []lookup {
	f := &finder{}
	f.part(n, nil)
	return f.found
}

type finder struct{ found []lookup }

// part examines a plan or an expression. conds are the conditions of the filters above it, as long as the rows are those of its input.
func (f *finder) part(p relation.Part, conds []relation.Expr) {
	var input relation.Node // the input to whose rows conds apply
	switch n := p.(type) {
	case *relation.Scan:
		l := lookup{table: n.Table}
		for _, c := range conds {
			l.compared(c)
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

// joined examines a join. It finds the rows of its right side by key, so only lookups inside of expressions there count.
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

// compared adds the columns that a condition compares with a value that does not depend on a row of the table. An index
// on an enum or a bool would select too many rows for each value, so comparisons with a literal of these are left out.
func (l *lookup) compared(cond relation.Expr) {
	switch x := cond.(type) {
	case *relation.Binary:
		switch x.Op {
		case relation.And:
			l.compared(x.L)
			l.compared(x.R)
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

// ofRow reports whether a value depends on the current row, or on a table.
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
