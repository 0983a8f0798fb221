package relation

// Part is a part of a plan: a node or an expression. Each kind lists its own parts.
type Part interface {
	// children calls visit for the direct parts: first the expressions, in order, then the plans. For each part it says
	// how many levels its rows are deeper.
	children(visit visitor)
	// replace returns a copy with other direct parts, in the order of children.
	replace(r replacer) Part
}

// visitor is called for the parts of a part. deeper is 1 for a plan that runs for the current row, which then is an
// enclosing row of the plan, and otherwise 0.
type visitor func(p Part, deeper int)

// Children calls visit for the direct parts of p that are not nil.
func Children(p Part, visit func(in Part, deeper int)) {
	if !absent(p) {
		p.children(visit)
	}
}

// Walk calls visit for p and, if it returns true, for the parts of p. depth is the number of rows between p and the part.
func Walk(p Part, visit func(p Part, depth int) bool) { walk(p, 0, visit) }

func walk(p Part, depth int, visit func(Part, int) bool) {
	if absent(p) || !visit(p, depth) {
		return
	}
	p.children(func(in Part, deeper int) { walk(in, depth+deeper, visit) })
}

// WalkExprs is Walk for expressions only. It calls visit for each expression, and skips the parts of one for which visit returns false.
func WalkExprs(p Part, visit func(x Expr, depth int) bool) {
	Walk(p, func(p Part, depth int) bool {
		x, ok := p.(Expr)
		return !ok || visit(x, depth)
	})
}

// absent reports whether a part is nil: an optional part that was left out.
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
