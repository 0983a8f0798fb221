package chain

import "github.com/livec-lang/livec/relation"

// NewQuery makes a query that runs once for each call.
func NewQuery(name string, plan relation.Node, params ...relation.Column) *relation.Query {
	return &relation.Query{Name: name, Plan: plan, Params: params, Out: relation.SchemaOf(plan), Reads: Reads(plan)}
}

// NewLiveQuery makes a query that can be kept live, with the statements for that.
func NewLiveQuery(name string, plan relation.Node, params ...relation.Column) *relation.Query {
	q := NewQuery(name, plan, params...)
	w := &writer{chain: Of(plan), query: q}
	switch w.chain.Mode {
	case Rows:
		w.rows()
	case Groups:
		w.groups()
	case Value:
		w.value()
	case Requery:
		w.all()
	}
	q.Statements = w.out
	return q
}

// writer makes the statements of a live query.
type writer struct {
	chain *Chain
	query *relation.Query
	out   []relation.Statement
}

// params are the parameters of a statement under construction.
type params []relation.Column

// add adds a parameter with the values of a column.
func (p *params) add(c relation.Column) relation.Expr {
	*p = append(*p, relation.Column{Name: c.Name, Kind: c.Kind, Nullable: c.Nullable, Enum: c.Enum})
	return &relation.Param{Index: len(*p) - 1, Kind: c.Kind, Enum: c.Enum}
}

// limit adds a parameter for the number of rows.
func (p *params) limit() relation.Expr {
	return p.add(relation.Column{Name: "limit", Kind: relation.Int})
}

// params returns the parameters of the query.
func (w *writer) params() params { return append(params(nil), w.query.Params...) }

// add adds a statement.
func (w *writer) add(role relation.Role, plan relation.Node, p params, few bool) {
	w.out = append(w.out, relation.Statement{Role: role, Query: &relation.Query{
		Name: w.query.Name + " " + role.String(), Plan: plan, Params: p, Out: relation.SchemaOf(plan), Few: few,
	}})
}

// steps returns the plan with the steps of a chain but without its limit.
func (w *writer) steps() relation.Node {
	var n relation.Node = &relation.Scan{Table: w.chain.Table}
	for _, s := range w.chain.Steps {
		n = relation.OnInput(s.Node, n)
	}
	return n
}

func (w *writer) value() {
	w.add(relation.Role{Kind: relation.ValueRole}, &relation.Group{Input: w.steps(), Aggs: State(w.chain.Agg)}, w.params(), false)
}

func (w *writer) groups() {
	g := w.chain.Group
	aggs := []relation.NamedAgg{named(relation.Agg{Func: relation.Count})}
	for _, a := range g.Aggs {
		aggs = append(aggs, State(a.Agg)...)
	}
	w.add(relation.Role{Kind: relation.GroupsRole}, &relation.Group{Input: w.steps(), Keys: g.Keys, Aggs: aggs}, w.params(), false)

	p, n := w.params(), w.steps()
	for _, k := range g.Keys {
		n = &relation.Filter{Input: n, Cond: equal(k.Expr, p.add(k.Column))}
	}
	w.add(relation.Role{Kind: relation.GroupRole}, &relation.Group{Input: n, Keys: g.Keys, Aggs: aggs}, p, false)
}

// State returns the aggregates from which a live aggregate is updated: the number of values and, if that is not enough, their sum,
// minimum or maximum. For Any it is the number of rows for which the condition holds, for All the number of those for which it does not.
func State(agg relation.Agg) []relation.NamedAgg {
	x := agg.Expr
	switch agg.Func {
	case relation.Count:
		return []relation.NamedAgg{named(relation.Agg{Func: relation.Count})}
	case relation.Sum, relation.Avg:
		sum := relation.Agg{Func: relation.Sum, Expr: x}
		if relation.KindOf(x) == relation.Float {
			sum.Func = relation.ExactSum
		}
		return []relation.NamedAgg{named(relation.Agg{Func: relation.Known, Expr: x}), named(sum)}
	case relation.Min, relation.Max:
		return []relation.NamedAgg{named(relation.Agg{Func: relation.Known, Expr: x}), named(agg)}
	case relation.Any, relation.All:
		if x == nil {
			return []relation.NamedAgg{named(relation.Agg{Func: relation.Count})}
		}
		if agg.Func == relation.All {
			x = &relation.Unary{Op: relation.Not, X: x, Kind: relation.Bool}
		}
		yes, no := &relation.Const{Value: true, Kind: relation.Bool}, &relation.Const{Kind: relation.Bool}
		return []relation.NamedAgg{named(relation.Agg{Func: relation.Known,
			Expr: &relation.Cond{If: x, Then: yes, Else: no, Kind: relation.Bool}})}
	}
	panic("an aggregate without a state: " + agg.Func.String())
}

// named returns an aggregate as a column.
func named(a relation.Agg) relation.NamedAgg {
	return relation.NamedAgg{Column: relation.SchemaOf(&relation.Reduce{Agg: a})[0], Agg: a}
}

// equal compares two expressions of one kind.
func equal(l, r relation.Expr) relation.Expr { return compare(relation.Eq, l, r) }

func compare(op relation.Op, l, r relation.Expr) relation.Expr {
	return &relation.Binary{Op: op, L: l, R: r, Kind: relation.Bool, Of: relation.KindOf(l), Enum: enumOf(l)}
}

// enumOf returns the ordered values of an expression that is an enum column; nil for other expressions.
func enumOf(x relation.Expr) []string {
	if c, ok := x.(*relation.Col); ok {
		return c.Enum
	}
	return nil
}
