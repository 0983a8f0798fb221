package livequery

import (
	"encoding/binary"
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// plan is a query compiled to be kept up to date: its chain as functions, and its windows.
type plan struct {
	query  *relation.Query
	chain  *chain.Chain
	steps  []step
	after  []step // of mode Groups
	order  []orderKey
	keys   []orderKey // of the table, or of the groups: the end of the order
	group  []eval.Expr
	aggs   []eval.Expr // of groups; nil elements for count
	agg    eval.Expr
	out    relation.Schema // of a row
	single bool            // the result is one value
	deps   []dep
	reads  []read
	stmts  map[relation.Role]*relation.Query
	routes []*route
	added  uint64 // windows that were added, ever
	gate   gate
}

// step is one step of a row.
type step struct {
	filter     []eval.Expr // the conditions that depend on the row alone
	mapping    []eval.Expr // nil elements depend on other rows
	join       bool
	replace    int
	afterLimit bool
}

// orderKey is one key of an order.
type orderKey struct {
	expr eval.Expr // nil if it depends on other rows
	kind relation.Kind
	enum []string
	desc bool
}

type dep struct {
	*chain.Dep
	local []eval.Expr
}

type read struct {
	*chain.Read
	local []eval.Expr
}

// plan is the plan of a query, made the first time. It needs the lock.
func (e *Engine) plan(q *relation.Query) (*plan, error) {
	if p := e.plans[q]; p != nil {
		return p, nil
	}
	if len(q.Statements) == 0 {
		return nil, fmt.Errorf("%s: the query was not made to be live", q.Name)
	}
	p, err := newPlan(q)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", q.Name, err)
	}
	for i := range p.reads {
		r := newRoute(p, i)
		p.routes = append(p.routes, r)
		name := p.reads[i].Table.Name
		e.tables[name] = append(e.tables[name], r)
	}
	e.plans[q] = p
	return p, nil
}

func newPlan(q *relation.Query) (*plan, error) {
	c := chain.Of(q.Plan)
	p := &plan{query: q, chain: c, stmts: map[relation.Role]*relation.Query{}, out: q.Out}
	for _, st := range q.Statements {
		p.stmts[st.Role] = st.Query
	}
	_, p.single = q.Plan.(*relation.Reduce)
	if c.First {
		p.out = q.Out[0].Fields
	}
	b, ties := builder{}, relation.TiesDesc(c.Sort)
	p.steps, p.after = b.steps(c.Steps), b.steps(c.After)
	for _, k := range c.Sort {
		p.order = append(p.order, b.orderKey(k))
	}
	switch c.Mode {
	case chain.Rows:
		for _, col := range c.Table.Key {
			p.keys = append(p.keys, keyOrder(c.Table.Columns[col].Kind, ties))
		}
	case chain.Groups:
		for _, k := range c.Group.Keys {
			p.group = append(p.group, b.expr(k.Expr))
			p.keys = append(p.keys, keyOrder(k.Kind, ties))
		}
		for _, a := range c.Group.Aggs {
			p.aggs = append(p.aggs, b.expr(a.Agg.Expr))
		}
	case chain.Value:
		p.agg = b.expr(c.Agg.Expr)
	}
	p.gate.changed.L = &p.gate.mu
	for i := range c.Deps {
		p.deps = append(p.deps, dep{&c.Deps[i], b.exprs(c.Deps[i].Local)})
	}
	for i := range c.Reads {
		p.reads = append(p.reads, read{&c.Reads[i], b.exprs(c.Reads[i].Local)})
	}
	return p, b.err
}

// keyOrder is how ties are broken by a column of the key: as the database stores it.
func keyOrder(k relation.Kind, desc bool) orderKey {
	if k == relation.Enum {
		k = relation.Text
	}
	return orderKey{kind: k, desc: desc}
}

// builder compiles the expressions of a chain.
type builder struct{ err error }

func (b *builder) expr(x relation.Expr) eval.Expr {
	if x == nil || b.err != nil {
		return nil
	}
	fn, err := eval.Compile(x)
	b.err = err
	return fn
}

func (b *builder) exprs(xs []relation.Expr) []eval.Expr {
	out := make([]eval.Expr, len(xs))
	for i, x := range xs {
		out[i] = b.expr(x)
	}
	return out
}

func (b *builder) orderKey(k relation.SortKey) orderKey {
	o := orderKey{kind: relation.KindOf(k.Expr), desc: k.Desc}
	if c, ok := k.Expr.(*relation.Col); ok {
		o.enum = c.Enum
	}
	if fn, err := eval.Compile(k.Expr); err == nil {
		o.expr = fn
	}
	return o
}

func (b *builder) steps(steps []chain.Step) []step {
	var out []step
	for _, s := range steps {
		c := step{afterLimit: s.AfterLimit}
		switch n := s.Node.(type) {
		case *relation.Filter:
			c.filter = b.exprs(s.Pure)
		case *relation.Join:
			c.join, c.replace = true, n.Replace
		case *relation.Map:
			c.mapping = make([]eval.Expr, len(n.Exprs))
			for i, e := range n.Exprs {
				if s.Known[i] {
					c.mapping[i] = b.expr(e.Expr)
				}
			}
		default:
			b.err = fmt.Errorf("a step of type %T", n)
		}
		out = append(out, c)
	}
	return out
}

// result is what follows from a row of the table alone.
type result struct {
	in    bool             // it meets all conditions before the limit that depend on it alone
	shown bool             // and those after the limit
	order []relation.Value // nil if its position depends on other rows
	row   relation.Row     // what it shows; columns that depend on other rows are null
}

// run takes a row through steps. Its position is taken before step sortAt; −1 for none.
func (p *plan) run(steps []step, sortAt int, params *eval.Params, row relation.Row) (r result, err error) {
	r.shown = true
	for i := range steps {
		if i == sortAt {
			if r.order, err = p.sortValues(params, row); err != nil {
				return r, err
			}
		}
		s := &steps[i]
		for _, cond := range s.filter {
			v, err := cond(params, row)
			if err != nil {
				return r, err
			}
			if v != true {
				if !s.afterLimit {
					return r, nil
				}
				r.shown = false
			}
		}
		switch {
		case s.join && s.replace >= 0:
			row = append(relation.Row(nil), row...)
			row[s.replace] = nil
		case s.join:
			row = append(row[:len(row):len(row)], nil)
		case s.mapping != nil:
			next := make(relation.Row, len(s.mapping))
			for i, fn := range s.mapping {
				if fn == nil {
					continue
				}
				if next[i], err = fn(params, row); err != nil {
					return r, err
				}
			}
			row = next
		}
	}
	if len(steps) == sortAt {
		if r.order, err = p.sortValues(params, row); err != nil {
			return r, err
		}
	}
	r.in, r.row = true, row
	return r, nil
}

// sortValues is the values that a row is ordered by, without its key. It is nil if one of them depends on other rows.
func (p *plan) sortValues(params *eval.Params, row relation.Row) ([]relation.Value, error) {
	if !p.chain.PureSort {
		return nil, nil
	}
	out := make([]relation.Value, len(p.order), len(p.order)+len(p.keys))
	for i, k := range p.order {
		v, err := k.expr(params, row)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// compare orders two positions, each the values of the order and then the key.
func (p *plan) compare(a, b []relation.Value) int {
	for i := range p.order {
		k := &p.order[i]
		if c := eval.Compare(k.kind, k.enum, a[i], b[i]); c != 0 {
			if k.desc {
				return -c
			}
			return c
		}
	}
	for i := range p.keys {
		k := &p.keys[i]
		if c := eval.Compare(k.kind, nil, a[len(p.order)+i], b[len(p.order)+i]); c != 0 {
			if k.desc {
				return -c
			}
			return c
		}
	}
	return 0
}

// keyOf names a window.
func (p *plan) keyOf(params []relation.Value, pages int) string {
	b := []byte(fmt.Sprintf("%p", p))
	b = binary.AppendUvarint(b, uint64(pages))
	for _, v := range params {
		b = eval.AppendKey(b, v)
	}
	return string(b)
}

// fetch runs a statement of the query. more are the parameters that its role adds.
func (p *plan) fetch(tx store.Tx, role relation.Role, params []relation.Value, more ...relation.Value) ([]relation.Row, error) {
	return tx.Query(p.stmts[role], append(params[:len(params):len(params)], more...)...)
}

// which is the statement that finds the windows that depend on certain rows; nil if the rows themselves name them.
func (p *plan) which(dep int) *relation.Query {
	return p.stmts[relation.Role{Kind: relation.WhichRole, Dep: dep}]
}

// rowKey is the key of a row of the table as one string.
func (p *plan) rowKey(key []relation.Value) string {
	var buf [64]byte
	b := buf[:0]
	for _, v := range key {
		b = eval.AppendKey(b, v)
	}
	return string(b)
}
