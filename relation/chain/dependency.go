package chain

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// show finds the columns of the result that are unchanged records of joins.
func (a *analysis) show() {
	if a.c.Mode != Rows {
		return
	}
	for i, deps := range a.deps {
		for _, d := range deps {
			if a.rec[i] != d {
				a.mix([]int{d})
			}
		}
	}
	for i, d := range a.rec {
		if d >= 0 && !a.isMixed(d) {
			a.c.Deps[d].Show = append(a.c.Deps[d].Show, i)
		}
	}
}

// mix records that dependencies are used in something other than their records.
func (a *analysis) mix(deps []int) {
	for _, d := range deps {
		for len(a.mixed) <= d {
			a.mixed = append(a.mixed, false)
		}
		a.mixed[d] = true
	}
}

func (a *analysis) isMixed(d int) bool { return d < len(a.mixed) && a.mixed[d] }

// mark records that a change of what x looks up may add rows, remove them, or change their position.
func (a *analysis) mark(x relation.Expr, deps []int) {
	if a.limit {
		return // the window contains the same rows, but does not show all of them
	}
	decides := map[int][]int{} // columns of joined records that x reads
	whole := map[int]bool{}
	relation.WalkExprs(x, func(x relation.Expr, inner int) bool {
		c, ok := x.(*relation.Col)
		if !ok || c.Depth != inner || c.Index >= len(a.deps) {
			return true
		}
		for _, d := range a.deps[c.Index] {
			if a.rec[c.Index] != d || len(c.Path) == 0 {
				whole[d] = whole[d] || a.rec[c.Index] != d // the columns in the condition of the join determine whether there is a record
				decides[d] = append(decides[d], a.c.Deps[d].Cols...)
				continue
			}
			if i := columnNamed(a.c.Deps[d].Table, c.Path[0]); i >= 0 {
				decides[d] = append(decides[d], i)
			}
		}
		return true
	})
	for _, d := range deps {
		dep := &a.c.Deps[d]
		dep.Member = true
		cols, read := decides[d]
		if whole[d] || !read || dep.Decide == nil {
			dep.Decide = dep.Used
			continue
		}
		dep.Decide = append(dep.Decide, cols...)
		slices.Sort(dep.Decide)
		dep.Decide = slices.Compact(dep.Decide)
	}
}

func columnNamed(t *relation.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c relation.Column) bool { return c.Name == name })
}

// dependencies returns the dependencies of an expression: those of the columns it reads, and those of the plans in it.
func (a *analysis) dependencies(x relation.Expr) []int {
	var out []int
	relation.WalkExprs(x, func(x relation.Expr, inner int) bool {
		c, ok := x.(*relation.Col)
		switch {
		case !ok || c.Depth != inner:
		case c.Index < len(a.deps):
			out = append(out, a.deps[c.Index]...)
		default:
			a.requery("it is not known what a column depends on")
		}
		return true
	})
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		switch x := x.(type) {
		case *relation.InPlan:
			out = append(out, a.lookup(x.Plan, x.X))
			out = append(out, a.dependencies(x.X)...)
			return false
		case *relation.Sub:
			out = append(out, a.lookup(x.Plan, nil))
			return false
		}
		return true
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// lookup adds a dependency on a plan that runs for each row. x is set for `x in (plan)`.
func (a *analysis) lookup(plan relation.Node, x relation.Expr) int {
	if a.c.Group != nil {
		a.requery("it looks up rows for groups")
	}
	d := Dep{Step: len(*a.steps)}
	own := relation.Source(plan)
	at := len(a.c.Deps)
	tables(plan, func(s *relation.Scan, conds []relation.Expr) {
		if s != own || d.Table != nil {
			a.c.Reads = append(a.c.Reads, readOf(s, conds, Whole))
			return
		}
		r := readOf(s, conds, at)
		d.Table, d.Local, d.Read = s.Table, r.Local, len(a.c.Reads)
		a.c.Reads = append(a.c.Reads, r)
		for _, c := range conds {
			if e, ok := EqualityOf(c); ok && Uses(e.Expr, 1) && !Uses(e.Expr, 2) {
				d.Cols, d.Exprs = append(d.Cols, e.Col), append(d.Exprs, lift(e.Expr))
			}
		}
	})
	if x != nil && !ReadsTables(x) {
		if col, ok := resultColumn(plan, 0); ok {
			d.Cols, d.Exprs = append(d.Cols, col), append(d.Exprs, x)
		}
	}
	d.Pure = a.pure(d.Exprs)
	a.c.Deps = append(a.c.Deps, d)
	return at
}

// pure reports whether expressions depend only on columns of the table.
func (a *analysis) pure(xs []relation.Expr) bool {
	for _, k := range a.known {
		if !k {
			return false
		}
	}
	return !slices.ContainsFunc(xs, func(x relation.Expr) bool { return !known(x, a.known) })
}

// resultColumn returns the column of the plan's source table that is column col of its rows, if each row depends on one
// row of that table.
func resultColumn(n relation.Node, col int) (int, bool) {
	switch n := n.(type) {
	case *relation.Scan:
		return col, true
	case *relation.Filter:
		return resultColumn(n.Input, col)
	case *relation.Sort:
		return resultColumn(n.Input, col)
	case *relation.Join:
		if col == n.Replace || col >= len(relation.SchemaOf(n.Input)) {
			return 0, false
		}
		return resultColumn(n.Input, col)
	case *relation.Map:
		if c, ok := n.Exprs[col].Expr.(*relation.Col); ok && c.Depth == 0 && len(c.Path) == 0 {
			return resultColumn(n.Input, c.Index)
		}
	}
	return 0, false
}

// readOf returns the Read of a table under conditions.
func readOf(s *relation.Scan, conds []relation.Expr, dep int) Read {
	r := Read{Read: relation.Read{Table: s.Table}, Dep: dep}
	all := make([]bool, len(s.Table.Columns))
	for i := range all {
		all[i] = true
	}
	for _, c := range conds {
		if e, ok := EqualityOf(c); ok {
			if p, ok := e.Expr.(*relation.Param); ok {
				addEquality(&r, e.Col, p.Index)
				continue
			}
		}
		if known(c, all) {
			if in := rangeOf(c); in != nil {
				addRange(&r, in)
			}
			r.Local = append(r.Local, c)
		}
	}
	return r
}

// addEquality records that a column must equal a parameter. Columns are sorted.
func addEquality(r *Read, col, param int) {
	i, found := slices.BinarySearch(r.Cols, col)
	if found {
		return
	}
	r.Cols = slices.Insert(r.Cols, i, col)
	r.Params = slices.Insert(r.Params, i, param)
}

// Reads returns what a plan reads.
func Reads(plan relation.Node) []relation.Read {
	var out []relation.Read
	tables(plan, func(s *relation.Scan, conds []relation.Expr) {
		r := readOf(s, conds, Whole).Read
		if !slices.ContainsFunc(out, func(o relation.Read) bool {
			return o.Table == r.Table && slices.Equal(o.Cols, r.Cols) && slices.Equal(o.Params, r.Params)
		}) {
			out = append(out, r)
		}
	})
	return out
}
