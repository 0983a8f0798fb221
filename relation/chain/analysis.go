package chain

import (
	"slices"

	"github.com/livec-lang/livec/relation"
)

// analysis takes one plan apart, node by node from the table on.
type analysis struct {
	c     *Chain
	known []bool  // columns that depend on the row alone
	base  []int   // the table's column that each column is, or -1
	deps  [][]int // the dependencies that each column hangs on
	rec   []int   // the dependency whose record each column is, or -1
	mixed []bool  // by dependency: it goes into more than its record
	limit bool    // a limit was passed
	steps *[]Step
}

func (a *analysis) run(plan relation.Node) {
	c := a.c
	reduce, isValue := plan.(*relation.Reduce)
	root := plan
	if isValue {
		root = reduce.Input
	}
	nodes := flatten(root)
	scan := nodes[0].(*relation.Scan)
	c.Table = scan.Table
	c.Reads = []Read{{Read: relation.Read{Table: scan.Table}, Dep: Own}}
	a.steps = &c.Steps
	a.fresh(len(scan.Table.Columns))
	for i := range a.base {
		a.base[i] = i
	}
	c.Mode = Rows
	for _, n := range nodes[1:] {
		a.node(n)
	}
	if isValue {
		a.value(reduce)
	}
	a.show()
	if c.Mode == Groups && c.Group == nil {
		a.requery("")
	}
	if c.Mode == Requery {
		*c = Chain{Mode: Requery, Reason: c.Reason, Table: scan.Table}
		tables(plan, func(s *relation.Scan, conds []relation.Expr) { c.Reads = append(c.Reads, readOf(s, conds, Whole)) })
	}
}

// show tells which columns of the result are the records of joins as they are.
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

// mix notes that what deps look up goes into something else than their records.
func (a *analysis) mix(deps []int) {
	for _, d := range deps {
		for len(a.mixed) <= d {
			a.mixed = append(a.mixed, false)
		}
		a.mixed[d] = true
	}
}

func (a *analysis) isMixed(d int) bool { return d < len(a.mixed) && a.mixed[d] }

// flatten is the operators of a plan from its table on.
func flatten(n relation.Node) []relation.Node {
	var in relation.Node
	switch n := n.(type) {
	case *relation.Filter:
		in = n.Input
	case *relation.Sort:
		in = n.Input
	case *relation.Limit:
		in = n.Input
	case *relation.Page:
		in = n.Input
	case *relation.Join:
		in = n.Input
	case *relation.Map:
		in = n.Input
	case *relation.Group:
		in = n.Input
	case *relation.Reduce:
		in = n.Input
	default:
		return []relation.Node{n}
	}
	return append(flatten(in), n)
}

// fresh begins rows of n columns that all depend on the row alone.
func (a *analysis) fresh(n int) {
	a.known, a.base, a.deps, a.rec = make([]bool, n), make([]int, n), make([][]int, n), make([]int, n)
	for i := range n {
		a.known[i], a.base[i], a.rec[i] = true, -1, -1
	}
}

func (a *analysis) requery(reason string) {
	if a.c.Mode != Requery {
		a.c.Mode, a.c.Reason = Requery, reason
	}
}

func (a *analysis) add(s Step) {
	s.AfterLimit, s.Known = a.limit, slices.Clone(a.known)
	*a.steps = append(*a.steps, s)
}

func (a *analysis) node(n relation.Node) {
	switch n := n.(type) {
	case *relation.Filter:
		a.filter(n)
	case *relation.Sort:
		a.sort(n)
	case *relation.Limit:
		a.window(n.N, false)
	case *relation.Page:
		a.window(n.N, true)
	case *relation.Join:
		a.join(n)
	case *relation.Map:
		a.mapping(n)
	case *relation.Group:
		a.group(n)
	default:
		a.requery("a value stands inside the pipeline")
	}
}

func (a *analysis) filter(n *relation.Filter) {
	s := Step{Node: n}
	for _, x := range Conjuncts(n.Cond) {
		if known(x, a.known) {
			s.Pure = append(s.Pure, x)
			if e, ok := EqualityOf(x); ok && !a.limit && a.c.Group == nil && a.base[e.Col] >= 0 {
				if p, ok := e.Expr.(*relation.Param); ok {
					addEquality(&a.c.Reads[0], a.base[e.Col], p.Index)
				}
			}
			continue
		}
		deps := a.dependencies(x)
		a.mark(x, deps)
		if a.limit {
			a.mix(deps)
			a.c.PureRow = false
		} else {
			a.c.PureFilter = false
		}
	}
	a.add(s)
}

// mark notes that a change of what x looks up may move rows in, out or to another place.
func (a *analysis) mark(x relation.Expr, deps []int) {
	if a.limit {
		return // the window holds the same rows, some of which are not shown
	}
	decides := map[int][]int{} // of joined records: the columns that x reads
	whole := map[int]bool{}
	Walk(x, func(x relation.Expr, inner int) bool {
		c, ok := x.(*relation.Col)
		if !ok || c.Depth != inner || c.Index >= len(a.deps) {
			return true
		}
		for _, d := range a.deps[c.Index] {
			if a.rec[c.Index] != d || len(c.Path) == 0 {
				whole[d] = whole[d] || a.rec[c.Index] != d // whether there is a record, its own columns tell
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

func (a *analysis) sort(n *relation.Sort) {
	if a.limit {
		a.requery("it sorts rows again behind a limit")
		return
	}
	var by []relation.SortKey
	a.c.PureSort = true
	for _, k := range n.By {
		if relation.KindOf(k.Expr) == relation.Record {
			continue // equal in all else, and told apart by key
		}
		by = append(by, k)
		if !known(k.Expr, a.known) {
			a.mark(k.Expr, a.dependencies(k.Expr))
			a.c.PureSort = false
		}
	}
	a.c.Sort, a.c.SortAt = by, len(*a.steps)
}

func (a *analysis) window(n int, page bool) {
	if a.limit {
		a.requery("it has two limits")
		return
	}
	a.limit = true
	a.c.Limit, a.c.Page = n, page
}

func (a *analysis) join(n *relation.Join) {
	if a.c.Group != nil {
		a.requery("it joins groups")
		return
	}
	d := Dep{Step: len(*a.steps), Cols: n.RightOn, Exprs: n.LeftOn, Fields: n.Fields, Member: !n.Optional && !a.limit}
	d.Pure = a.pure(n.LeftOn)
	var on []int
	for _, x := range n.LeftOn {
		deps := a.dependencies(x)
		on = append(on, deps...)
		if !n.Optional {
			a.mark(x, deps)
		}
	}
	if !n.Optional {
		if a.limit {
			a.c.PureRow = false
		} else {
			a.c.PureFilter = false
		}
	}
	a.c.PureRow = false
	tables(n.Right, func(s *relation.Scan, conds []relation.Expr) {
		if d.Table != nil {
			a.c.Reads = append(a.c.Reads, readOf(s, conds, Whole))
			return
		}
		d.Table = s.Table
		d.Decide = append([]int(nil), n.RightOn...)
		r := readOf(s, conds, len(a.c.Deps))
		d.Local = r.Local
		for _, x := range conds {
			Walk(x, func(x relation.Expr, inner int) bool {
				if c, ok := x.(*relation.Col); ok && c.Depth == inner {
					d.Decide = append(d.Decide, c.Index)
				}
				return true
			})
		}
		d.Read = len(a.c.Reads)
		a.c.Reads = append(a.c.Reads, r)
	})
	d.Used = append(slices.Clone(d.Decide), n.Fields...)
	for _, cols := range []*[]int{&d.Used, &d.Decide} {
		slices.Sort(*cols)
		*cols = slices.Compact(*cols)
	}
	deps := append(on, len(a.c.Deps))
	a.c.Deps = append(a.c.Deps, d)
	if n.Replace >= 0 {
		a.known[n.Replace], a.base[n.Replace], a.deps[n.Replace], a.rec[n.Replace] = false, -1, deps, len(a.c.Deps)-1
	} else {
		a.known, a.base, a.deps, a.rec = append(a.known, false), append(a.base, -1), append(a.deps, deps), append(a.rec, len(a.c.Deps)-1)
	}
	a.add(Step{Node: n})
}

func (a *analysis) mapping(n *relation.Map) {
	size := len(n.Exprs)
	known2, base, deps, rec := make([]bool, size), make([]int, size), make([][]int, size), make([]int, size)
	for i, e := range n.Exprs {
		known2[i], base[i], rec[i] = known(e.Expr, a.known), -1, -1
		if !known2[i] {
			deps[i] = a.dependencies(e.Expr)
			a.c.PureRow = false
			if a.c.Group != nil {
				a.requery("it looks up rows for groups")
			}
		}
		if c, ok := e.Expr.(*relation.Col); ok && c.Depth == 0 && len(c.Path) == 0 {
			base[i], rec[i] = a.base[c.Index], a.rec[c.Index]
		}
	}
	a.known, a.base, a.deps, a.rec = known2, base, deps, rec
	a.add(Step{Node: n})
}

func (a *analysis) group(n *relation.Group) {
	switch {
	case a.limit:
		a.requery("it groups the rows of a limit")
		return
	case a.c.Group != nil:
		a.requery("it groups groups")
		return
	case !a.c.PureFilter:
		a.requery("whether a row belongs to a group depends on other rows")
		return
	}
	ok := true
	for _, k := range n.Keys {
		ok = ok && known(k.Expr, a.known)
	}
	for _, g := range n.Aggs {
		ok = ok && (g.Agg.Expr == nil || known(g.Agg.Expr, a.known))
		if g.Agg.Func == relation.First {
			ok = false
		}
	}
	if !ok {
		a.requery("what it aggregates depends on other rows")
		return
	}
	c := a.c
	c.Mode, c.Group, c.Sort, c.SortAt = Groups, n, nil, 0
	c.PureFilter, c.PureSort, c.PureRow = true, true, true
	c.Deps, c.Reads = nil, c.Reads[:1]
	a.steps = &c.After
	a.fresh(len(n.Keys) + len(n.Aggs))
}

// value ends the chain in an aggregate.
func (a *analysis) value(n *relation.Reduce) {
	c := a.c
	if n.Agg.Func == relation.First {
		c.First = true
		switch {
		case c.Mode == Requery:
		case a.limit && c.Page:
			a.requery("it takes the first row of a page")
		case a.limit && len(*a.steps) > 0 && slices.ContainsFunc(*a.steps, func(s Step) bool { return s.AfterLimit }):
			a.requery("it takes the first row behind a limit")
		default:
			a.limit, c.Limit = true, 1
		}
		return
	}
	switch {
	case c.Mode == Requery:
	case c.Mode == Groups:
		a.requery("it aggregates groups")
	case a.limit:
		a.requery("it aggregates the rows of a limit")
	case !c.PureFilter:
		a.requery("which rows it aggregates depends on other rows")
	case n.Agg.Expr != nil && !known(n.Agg.Expr, a.known):
		a.requery("what it aggregates depends on other rows")
	default:
		c.Mode, c.Agg = Value, n.Agg
		c.PureRow, c.Sort = true, nil
		c.Deps, c.Reads = nil, c.Reads[:1]
	}
}

// dependencies are those that an expression hangs on: of the columns it reads, and of the plans in it.
func (a *analysis) dependencies(x relation.Expr) []int {
	var out []int
	Walk(x, func(x relation.Expr, inner int) bool {
		if c, ok := x.(*relation.Col); ok && c.Depth == inner && c.Index < len(a.deps) {
			out = append(out, a.deps[c.Index]...)
		}
		return true
	})
	Walk(x, func(x relation.Expr, _ int) bool {
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

// lookup notes the dependency on a plan that is run for each row. For `x in (plan)`, x is given.
func (a *analysis) lookup(plan relation.Node, x relation.Expr) int {
	if a.c.Group != nil {
		a.requery("it looks up rows for groups")
	}
	d := Dep{Step: len(*a.steps)}
	nodes := flatten(plan)
	own := nodes[0].(*relation.Scan)
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

// pure tells whether expressions can be computed of the columns of the table alone.
func (a *analysis) pure(xs []relation.Expr) bool {
	for _, k := range a.known {
		if !k {
			return false
		}
	}
	return !slices.ContainsFunc(xs, func(x relation.Expr) bool { return !known(x, a.known) })
}

// resultColumn finds the column of the plan's own table that a column of its rows is, where each row of the table is judged by itself.
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

// readOf is the reading of a table under conditions.
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
			r.Local = append(r.Local, c)
		}
	}
	return r
}

// addEquality notes that a column must equal a parameter, in the order of columns.
func addEquality(r *Read, col, param int) {
	i, found := slices.BinarySearch(r.Cols, col)
	if found {
		return
	}
	r.Cols = slices.Insert(r.Cols, i, col)
	r.Params = slices.Insert(r.Params, i, param)
}

// Reads is what a plan looks at.
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
