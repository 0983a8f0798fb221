package relation

// Replace returns a copy of p in which each direct part is replaced by the result of fn. fn must return a node for a
// node, a Reduce for the plan of a Sub, and an expression for an expression.
func Replace(p Part, fn func(in Part) Part) Part { return p.replace(fn) }

// replacer is the function that Replace calls.
type replacer func(in Part) Part

func (r replacer) expr(x Expr) Expr {
	if x == nil {
		return nil
	}
	return r(x).(Expr)
}

func (r replacer) exprs(xs []Expr) []Expr {
	out := make([]Expr, len(xs))
	for i, x := range xs {
		out[i] = r.expr(x)
	}
	return out
}

func (r replacer) named(xs []Named) []Named {
	out := make([]Named, len(xs))
	for i, x := range xs {
		out[i] = Named{Column: x.Column, Expr: r.expr(x.Expr)}
	}
	return out
}

func (r replacer) agg(a Agg) Agg { return Agg{Func: a.Func, Expr: r.expr(a.Expr)} }

func (r replacer) plan(n Node) Node {
	if absent(n) {
		return n
	}
	return r(n).(Node)
}

func (n *Scan) replace(replacer) Part { return n }

func (n *Filter) replace(r replacer) Part {
	return &Filter{Cond: r.expr(n.Cond), Input: r.plan(n.Input)}
}

func (n *Sort) replace(r replacer) Part {
	by := make([]SortKey, len(n.By))
	for i, k := range n.By {
		by[i] = SortKey{Expr: r.expr(k.Expr), Desc: k.Desc}
	}
	return &Sort{By: by, Input: r.plan(n.Input)}
}

func (n *Limit) replace(r replacer) Part {
	return &Limit{Count: r.expr(n.Count), N: n.N, Input: r.plan(n.Input)}
}

func (n *Page) replace(r replacer) Part { return &Page{N: n.N, Input: r.plan(n.Input)} }

func (n *Join) replace(r replacer) Part {
	c := *n
	c.LeftOn, c.Right, c.Input = r.exprs(n.LeftOn), r.plan(n.Right), r.plan(n.Input)
	return &c
}

func (n *Map) replace(r replacer) Part { return &Map{Exprs: r.named(n.Exprs), Input: r.plan(n.Input)} }

func (n *Group) replace(r replacer) Part {
	aggs := make([]NamedAgg, len(n.Aggs))
	for i, a := range n.Aggs {
		aggs[i] = NamedAgg{Column: a.Column, Agg: r.agg(a.Agg)}
	}
	return &Group{Keys: r.named(n.Keys), Aggs: aggs, Input: r.plan(n.Input)}
}

func (n *Reduce) replace(r replacer) Part { return &Reduce{Agg: r.agg(n.Agg), Input: r.plan(n.Input)} }

func (x *Col) replace(replacer) Part   { return x }
func (x *Param) replace(replacer) Part { return x }
func (x *Const) replace(replacer) Part { return x }

func (x *Unary) replace(r replacer) Part {
	c := *x
	c.X = r.expr(x.X)
	return &c
}

func (x *Binary) replace(r replacer) Part {
	c := *x
	c.L, c.R = r.expr(x.L), r.expr(x.R)
	return &c
}

func (x *Cond) replace(r replacer) Part {
	c := *x
	c.If, c.Then, c.Else = r.expr(x.If), r.expr(x.Then), r.expr(x.Else)
	return &c
}

func (x *Func) replace(r replacer) Part {
	c := *x
	c.Args = r.exprs(x.Args)
	return &c
}

func (x *InList) replace(r replacer) Part {
	c := *x
	c.X, c.List = r.expr(x.X), r.expr(x.List)
	return &c
}

func (x *InPlan) replace(r replacer) Part {
	c := *x
	c.X, c.Plan = r.expr(x.X), r.plan(x.Plan)
	return &c
}

func (x *Sub) replace(r replacer) Part {
	c := *x
	if x.Plan != nil {
		c.Plan = r(x.Plan).(*Reduce)
	}
	return &c
}
