package chain

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/relation"
)

// analysis examines a plan node by node, beginning at the table.
type analysis struct {
	c     *Chain
	known []bool  // columns that depend only on the row
	base  []int   // the table's column that each column is, or -1
	deps  [][]int // the dependencies of each column
	rec   []int   // the dependency whose record each column is, or -1
	mixed []bool  // by dependency: it is used in more than its record
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
		if c.Mode == Requery {
			break // what is known of the columns is that of another step
		}
		a.node(n)
	}
	if isValue && c.Mode != Requery {
		a.value(reduce)
	}
	a.show()
	if c.Mode == Requery {
		*c = Chain{Mode: Requery, Reason: c.Reason, Table: scan.Table}
		tables(plan, func(s *relation.Scan, conds []relation.Expr) { c.Reads = append(c.Reads, readOf(s, conds, Whole)) })
	}
}

// flatten returns the operators of a plan, beginning at its table.
func flatten(n relation.Node) []relation.Node {
	in := relation.Input(n)
	if in == nil {
		return []relation.Node{n}
	}
	return append(flatten(in), n)
}

// fresh begins rows of n columns that depend only on the row.
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
	case *relation.Reduce:
		a.requery("the pipeline contains a single value")
	default:
		panic(fmt.Sprintf("whether a %T is kept live in place is not known", n))
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
			if r := rangeOf(x); r != nil && !a.limit && a.c.Group == nil && a.base[r.Col] >= 0 {
				r.Col = a.base[r.Col]
				addRange(&a.c.Reads[0], r)
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

func (a *analysis) sort(n *relation.Sort) {
	if a.limit {
		a.requery("it sorts rows again after a limit")
		return
	}
	var by []relation.SortKey
	var cols []int
	a.c.PureSort = true
	for _, k := range n.By {
		if relation.KindOf(k.Expr) == relation.Record {
			continue // rows that are equal in all else differ by key
		}
		by = append(by, k)
		col := -1
		if c, ok := k.Expr.(*relation.Col); ok && c.Depth == 0 && len(c.Path) == 0 {
			col = a.base[c.Index]
		}
		cols = append(cols, col)
		if !known(k.Expr, a.known) {
			a.mark(k.Expr, a.dependencies(k.Expr))
			a.c.PureSort = false
		}
	}
	a.c.Sort, a.c.SortCols, a.c.SortAt = by, cols, len(*a.steps)
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
			relation.WalkExprs(x, func(x relation.Expr, inner int) bool {
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
		a.requery("other rows decide whether a row belongs to a group")
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
		a.requery("the aggregated values depend on other rows")
		return
	}
	c := a.c
	c.Mode, c.Group, c.Sort, c.SortCols, c.SortAt = Groups, n, nil, nil, 0
	c.PureFilter, c.PureSort, c.PureRow = true, true, true
	c.Deps, c.Reads = nil, c.Reads[:1]
	a.steps = &c.After
	a.fresh(len(n.Keys) + len(n.Aggs))
}

// value ends the chain with an aggregate.
func (a *analysis) value(n *relation.Reduce) {
	c := a.c
	if n.Agg.Func == relation.First {
		c.First = true
		switch {
		case a.limit && c.Page:
			a.requery("it takes the first row of a page")
		case a.limit && len(*a.steps) > 0 && slices.ContainsFunc(*a.steps, func(s Step) bool { return s.AfterLimit }):
			a.requery("it takes the first row after a limit")
		default:
			a.limit, c.Limit = true, 1
		}
		return
	}
	switch {
	case c.Mode == Groups:
		a.requery("it aggregates groups")
	case a.limit:
		a.requery("it aggregates the rows of a limit")
	case !c.PureFilter:
		a.requery("other rows decide which rows it aggregates")
	case n.Agg.Expr != nil && !known(n.Agg.Expr, a.known):
		a.requery("the aggregated values depend on other rows")
	default:
		c.Mode, c.Agg = Value, n.Agg
		c.PureRow, c.Sort = true, nil
		c.Deps, c.Reads = nil, c.Reads[:1]
	}
}
