package chain

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/relation"
)

// window is the plan of a statement of mode Rows. Its rows have further columns with what the window needs to know
// about each. The steps after the limit change what is shown, but not which rows there are.
type window struct {
	*carried
	chain  *Chain
	params params
	sort   int   // the position of the first value of the order
	deps   []int // for each dependency, the position of its first value
	shown  int   // the position of the column that says whether the row is shown; -1 if it always is
}

// rows makes the statements of mode Rows.
func (w *writer) rows() {
	c := w.chain
	limit := func(s *window) {
		s.sorted()
		if c.Limit > 0 {
			s.node = &relation.Limit{Input: s.node, Count: s.params.limit()}
		}
	}
	w.window(relation.Role{Kind: relation.WindowRole}, false, limit)
	if c.Limit > 0 {
		w.window(relation.Role{Kind: relation.RefillRole}, false, func(s *window) {
			s.after()
			limit(s)
		})
	}
	w.window(relation.Role{Kind: relation.RowRole}, true, func(s *window) {
		for i := range c.Table.Key {
			s.equals(i)
		}
		s.node = &relation.Limit{Input: s.node, N: 1}
	})
	for i := range c.Deps {
		if !c.Deps[i].Member || len(c.Deps[i].Cols) == 0 {
			continue
		}
		w.window(relation.Role{Kind: relation.DepRole, Dep: i}, true, func(s *window) {
			for j := range c.Deps[i].Exprs {
				s.equals(s.deps[i] + j)
			}
			limit(s)
		})
		if c.Probes(i) {
			w.which(i)
		}
	}
}

// window adds a statement for the rows that choose selects.
func (w *writer) window(role relation.Role, few bool, choose func(s *window)) {
	c := w.chain
	s := &window{carried: carry(c.Table), chain: c, params: w.params(), deps: make([]int, len(c.Deps)), shown: -1}
	s.addKey(c.Table)
	chosen := false
	for i := 0; ; i++ {
		if i == c.SortAt {
			by := make([]relation.Expr, len(c.Sort))
			for j, k := range c.Sort {
				by[j] = k.Expr
			}
			s.sort = s.add(s.params, by...)
		}
		if !chosen && (i == len(c.Steps) || c.Steps[i].AfterLimit) {
			s.depend(i)
			choose(s)
			chosen = true
		} else {
			s.depend(i)
		}
		if i == len(c.Steps) {
			break
		}
		s.take(c.Steps[i])
	}
	w.add(role, s.finished(), s.params, few)
}

// depend adds the values of the dependencies of a step.
func (s *window) depend(step int) {
	for d := range s.chain.Deps {
		if s.chain.Deps[d].Step == step {
			s.deps[d] = s.add(s.params, s.chain.Deps[d].Exprs...)
		}
	}
}

// take adds a step.
func (s *window) take(step Step) {
	switch n := step.Node.(type) {
	case *relation.Filter:
		if step.AfterLimit {
			s.show(n.Cond)
			return
		}
		s.step(n)
	case *relation.Join:
		if !step.AfterLimit || n.Optional {
			s.step(n)
			return
		}
		optional := *n
		optional.Optional = true
		s.step(&optional)
		at := n.Replace
		if at < 0 {
			at = len(s.own) - 1
		}
		s.show(&relation.Binary{
			Op: relation.Ne, Kind: relation.Bool, Of: relation.Record,
			L: s.column(at).Expr, R: &relation.Const{Kind: relation.Record},
		})
	case *relation.Map:
		s.step(n)
	default:
		panic(fmt.Sprintf("a step of type %T", n))
	}
}

// show adds a condition for showing a row.
func (s *window) show(cond relation.Expr) {
	if s.shown >= 0 {
		cond = &relation.Binary{Op: relation.And, L: s.further(s.shown).Expr, R: cond, Kind: relation.Bool, Of: relation.Bool}
	}
	s.shown = s.add(s.params, cond)
}

// equals adds the condition that a further column equals a new parameter.
func (s *window) equals(i int) {
	x := s.further(i)
	s.filter(equal(x.Expr, s.params.add(x.Column)))
}

// order returns the complete order of the rows: the values of the order, then the columns of the key that are not among them.
func (s *window) order() []relation.SortKey {
	by := make([]relation.SortKey, 0, len(s.chain.Sort)+len(s.chain.Table.Key))
	for i, k := range s.chain.Sort {
		by = append(by, relation.SortKey{Expr: s.further(s.sort + i).Expr, Desc: k.Desc})
	}
	for i, col := range s.chain.Table.Key {
		if !slices.Contains(s.chain.SortCols, col) {
			by = append(by, relation.SortKey{Expr: s.further(i).Expr, Desc: relation.TiesDesc(s.chain.Sort)})
		}
	}
	return by
}

func (s *window) sorted() { s.node = &relation.Sort{Input: s.node, By: s.order()} }

// after adds the condition that a row comes after a position in the order. It has a parameter for each value of the order and of the key.
func (s *window) after() {
	order := s.order()
	place := make([]relation.Expr, 0, len(order))
	for i := range s.chain.Sort {
		place = append(place, s.params.add(s.further(s.sort+i).Column))
	}
	for i, col := range s.chain.Table.Key {
		p := s.params.add(s.further(i).Column)
		if !slices.Contains(s.chain.SortCols, col) {
			place = append(place, p)
		}
	}
	cond := comesAfter(order, place)
	if len(order) > 1 { // the first part can use an index
		first := relation.Ge
		if order[0].Desc {
			first = relation.Le
		}
		cond = &relation.Binary{Op: relation.And, L: compare(first, order[0].Expr, place[0]), R: cond, Kind: relation.Bool, Of: relation.Bool}
	}
	s.filter(cond)
}

// comesAfter returns the condition that a row comes after a position.
func comesAfter(order []relation.SortKey, place []relation.Expr) relation.Expr {
	op := relation.Gt
	if order[0].Desc {
		op = relation.Lt
	}
	cond := compare(op, order[0].Expr, place[0])
	if len(order) == 1 {
		return cond
	}
	both := &relation.Binary{Op: relation.And, L: equal(order[0].Expr, place[0]), R: comesAfter(order[1:], place[1:]), Kind: relation.Bool,
		Of: relation.Bool}
	return &relation.Binary{Op: relation.Or, L: cond, R: both, Kind: relation.Bool, Of: relation.Bool}
}

// finished returns the plan of the statement. Its columns are the further columns, whether the row is shown, and the plan's own columns.
func (s *window) finished() relation.Node {
	var out []relation.Named
	take := func(first, n int) {
		for i := range n {
			out = append(out, s.further(first+i))
		}
	}
	take(0, len(s.chain.Table.Key))
	take(s.sort, len(s.chain.Sort))
	for d, first := range s.deps {
		take(first, len(s.chain.Deps[d].Exprs))
	}
	if s.shown >= 0 {
		take(s.shown, 1)
	} else {
		out = append(out, relation.Named{Column: relation.Column{Kind: relation.Bool}, Expr: &relation.Const{Value: true, Kind: relation.Bool}})
	}
	for i := range s.own {
		out = append(out, s.column(i))
	}
	return &relation.Map{Input: s.node, Exprs: out}
}

// which adds the statement that finds the windows with rows that depend on certain rows of another table. It leaves out
// conditions: it may return windows that are not affected.
func (w *writer) which(d int) {
	c := w.chain
	s := carry(c.Table)
	routes := make([]relation.Expr, len(c.Reads[0].Cols))
	for i, col := range c.Reads[0].Cols {
		routes[i] = s.column(col).Expr
	}
	s.add(nil, routes...)
	for _, step := range c.Steps[:c.Deps[d].Step] {
		if m, ok := step.Node.(*relation.Map); ok {
			s.step(m)
		}
	}
	var p params
	for _, x := range c.Deps[d].Exprs {
		col := relation.Column{Kind: relation.KindOf(x), Nullable: relation.Nullable(x, nil, s.own), Enum: enumOf(x)}
		s.filter(equal(x, p.add(col)))
	}
	keys := make([]relation.Named, len(routes))
	for i := range routes {
		keys[i] = s.further(i)
	}
	w.add(relation.Role{Kind: relation.WhichRole, Dep: d}, &relation.Group{Input: s.node, Keys: keys}, p, false)
}

// all makes the statement of mode Requery.
func (w *writer) all() {
	plan, p := Early(w.query.Plan), w.params()
	if _, ok := plan.(*relation.Reduce); ok {
		w.add(relation.Role{Kind: relation.AllRole}, plan, p, false)
		return
	}
	c := identified(paged(plan, &p))
	var out []relation.Named
	for i := range c.more {
		out = append(out, c.further(i))
	}
	for i := range c.own {
		out = append(out, c.column(i))
	}
	w.add(relation.Role{Kind: relation.AllRole}, &relation.Map{Input: c.node, Exprs: out}, p, false)
	if page, shown := PageOf(plan); page != nil && !shown {
		w.further(page)
	}
}

// further adds the statement that counts the rows of which a page takes the first ones. Their order does not matter.
func (w *writer) further(page *relation.Page) {
	in, p := page.Input, w.params()
	for {
		sort, ok := in.(*relation.Sort)
		if !ok {
			break
		}
		in = sort.Input
	}
	limited := &relation.Limit{Input: in, Count: p.limit()}
	w.add(relation.Role{Kind: relation.MoreRole}, &relation.Reduce{Input: limited, Agg: relation.Agg{Func: relation.Count}}, p, false)
}

// paged returns a plan with a parameter for the total number of rows in the loaded pages. A page whose rows are grouped
// or aggregated remains the first one.
func paged(n relation.Node, p *params) relation.Node {
	switch n := n.(type) {
	case *relation.Page:
		return &relation.Limit{Input: n.Input, Count: p.limit()}
	case *relation.Filter, *relation.Sort, *relation.Limit, *relation.Join, *relation.Map:
		return relation.OnInput(n, paged(relation.Input(n), p))
	case *relation.Scan, *relation.Group, *relation.Reduce:
		return n
	}
	panic(fmt.Sprintf("whether a %T has pages is not known", n))
}
