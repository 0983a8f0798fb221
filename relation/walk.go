package relation

// Part is a part of a plan: a node or an expression. Each kind says what its own parts are.
type Part interface {
	// children calls visit for the parts directly inside: first the expressions, in order, then the plans. It tells how many rows
	// deeper than its own the rows of each part are.
	children(visit visitor)
	// replace is a copy with other parts directly inside, in the order of children.
	replace(r replacer) Part
}

// visitor is what is called for the parts of a part. deeper is 1 for a plan that runs inside of the current row, which is a row around
// for it, and else 0.
type visitor func(p Part, deeper int)

// Children calls visit for the parts directly inside p, which are not nil.
func Children(p Part, visit func(in Part, deeper int)) {
	if !absent(p) {
		p.children(visit)
	}
}

// Walk calls visit for p and, where it returns true, for the parts inside p. depth is how many rows are around a part more than around p.
func Walk(p Part, visit func(p Part, depth int) bool) { walk(p, 0, visit) }

func walk(p Part, depth int, visit func(Part, int) bool) {
	if absent(p) || !visit(p, depth) {
		return
	}
	p.children(func(in Part, deeper int) { walk(in, depth+deeper, visit) })
}

// WalkExprs is Walk for those who look at expressions alone: visit is called for each, and where it returns false what is inside of it
// is passed over.
func WalkExprs(p Part, visit func(x Expr, depth int) bool) {
	Walk(p, func(p Part, depth int) bool {
		x, ok := p.(Expr)
		return !ok || visit(x, depth)
	})
}

// absent reports whether there is no part: an optional one that is left out.
func absent(p Part) bool {
	switch p := p.(type) {
	case nil:
		return true
	case *Reduce:
		return p == nil
	}
	return false
}

func (v visitor) expr(x Expr) {
	if x != nil {
		v(x, 0)
	}
}

func (v visitor) exprs(xs []Expr) {
	for _, x := range xs {
		v.expr(x)
	}
}

func (v visitor) named(xs []Named) {
	for _, x := range xs {
		v.expr(x.Expr)
	}
}

func (v visitor) plan(n Node, deeper int) {
	if !absent(n) {
		v(n, deeper)
	}
}

func (n *Scan) children(visitor) {}

func (n *Filter) children(v visitor) {
	v.expr(n.Cond)
	v.plan(n.Input, 0)
}

func (n *Sort) children(v visitor) {
	for _, k := range n.By {
		v.expr(k.Expr)
	}
	v.plan(n.Input, 0)
}

func (n *Limit) children(v visitor) {
	v.expr(n.Count)
	v.plan(n.Input, 0)
}

func (n *Page) children(v visitor) { v.plan(n.Input, 0) }

func (n *Join) children(v visitor) {
	v.exprs(n.LeftOn)
	v.plan(n.Right, 1)
	v.plan(n.Input, 0)
}

func (n *Map) children(v visitor) {
	v.named(n.Exprs)
	v.plan(n.Input, 0)
}

func (n *Group) children(v visitor) {
	v.named(n.Keys)
	for _, a := range n.Aggs {
		v.expr(a.Agg.Expr)
	}
	v.plan(n.Input, 0)
}

func (n *Reduce) children(v visitor) {
	v.expr(n.Agg.Expr)
	v.plan(n.Input, 0)
}

func (x *Col) children(visitor)   {}
func (x *Param) children(visitor) {}
func (x *Const) children(visitor) {}

func (x *Unary) children(v visitor)  { v.expr(x.X) }
func (x *Binary) children(v visitor) { v.exprs([]Expr{x.L, x.R}) }
func (x *Cond) children(v visitor)   { v.exprs([]Expr{x.If, x.Then, x.Else}) }
func (x *Func) children(v visitor)   { v.exprs(x.Args) }
func (x *InList) children(v visitor) { v.exprs([]Expr{x.X, x.List}) }

func (x *InPlan) children(v visitor) {
	v.expr(x.X)
	v.plan(x.Plan, 1)
}

func (x *Sub) children(v visitor) { v.plan(x.Plan, 1) }
