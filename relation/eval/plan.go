package eval

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/relation"
)

// Source returns the rows of a table that a plan reads: by key, or in another total order.
type Source func(t *relation.Table) ([]relation.Row, error)

// Plan computes the rows of a plan. If the plan has one value, the result is one row with one column.
type Plan func(values []relation.Value, source Source) ([]relation.Row, error)

// CompilePlan returns a function for a plan, for what a database cannot compute. The rows are in the order of the plan;
// ties are broken by the key of the table, or of the groups, in the direction of the last sort key.
func CompilePlan(n relation.Node) (Plan, error) {
	k := &compiler{plans: true}
	if r, ok := n.(*relation.Reduce); ok {
		value, err := k.reduce(r)
		if err != nil {
			return nil, err
		}
		return func(values []relation.Value, source Source) ([]relation.Row, error) {
			v, err := value(&Params{Values: values, source: source})
			return []relation.Row{{v}}, err
		}, nil
	}
	rows, _, err := k.node(n)
	if err != nil {
		return nil, err
	}
	return func(values []relation.Value, source Source) ([]relation.Row, error) {
		items, err := rows(&Params{Values: values, source: source})
		out := make([]relation.Row, len(items))
		for i, it := range items {
			out[i] = it.row
		}
		return out, err
	}, nil
}

// item is a row with its identity.
type item struct {
	row relation.Row
	id  relation.Row
}

// items computes the rows of a node.
type items func(p *Params) ([]item, error)

// node returns a function for a node. ids are the kinds of the values that identify its rows.
func (k *compiler) node(n relation.Node) (fn items, ids []relation.Kind, err error) {
	if s, ok := n.(*relation.Scan); ok {
		fn, ids = scan(s.Table)
		return fn, ids, nil
	}
	input := relation.Input(n)
	if input == nil {
		return nil, nil, fmt.Errorf("a plan begins with a %T", n)
	}
	in, ids, err := k.node(input)
	if err != nil {
		return nil, nil, err
	}
	k.rows = append(k.rows, relation.SchemaOf(input))
	defer func() { k.rows = k.rows[:len(k.rows)-1] }()
	switch n := n.(type) {
	case *relation.Filter:
		fn, err = k.filter(in, n.Cond)
	case *relation.Sort:
		fn, err = k.sort(in, n.By, ids)
	case *relation.Limit:
		fn, err = k.limit(in, n)
	case *relation.Page:
		fn, err = k.limit(in, &relation.Limit{N: n.N})
	case *relation.Join:
		fn, err = k.join(in, n)
	case *relation.Map:
		fn, err = k.mapping(in, n)
	case *relation.Group:
		return k.group(in, n)
	default:
		return nil, nil, fmt.Errorf("a %T is inside the plan", n)
	}
	return fn, ids, err
}

func scan(t *relation.Table) (items, []relation.Kind) {
	ids := make([]relation.Kind, len(t.Key))
	for i, c := range t.Key {
		ids[i] = t.Columns[c].Kind
	}
	return func(p *Params) ([]item, error) {
		rows, err := p.source(t)
		out := make([]item, len(rows))
		for i, r := range rows {
			out[i] = item{r, t.KeyOf(r)}
		}
		return out, err
	}, ids
}

func (k *compiler) filter(in items, cond relation.Expr) (items, error) {
	test, err := k.expr(cond)
	if err != nil {
		return nil, err
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		var out []item
		for _, it := range rows {
			switch v, err := test(p, it.row); {
			case err != nil:
				return nil, err
			case v == true:
				out = append(out, it)
			}
		}
		return out, nil
	}, nil
}

func (k *compiler) sort(in items, by []relation.SortKey, ids []relation.Kind) (items, error) {
	type key struct {
		expr Expr
		kind relation.Kind
		enum []string
		desc bool
	}
	var keys []key
	desc := relation.TiesDesc(by)
	for _, b := range by {
		if relation.KindOf(b.Expr) == relation.Record {
			continue // rows that are equal in all else differ by identity
		}
		x, err := k.expr(b.Expr)
		if err != nil {
			return nil, err
		}
		c := key{expr: x, kind: relation.KindOf(b.Expr), desc: b.Desc}
		if col, ok := b.Expr.(*relation.Col); ok {
			c.enum = col.Enum
		}
		keys = append(keys, c)
	}
	type placed struct {
		item
		place []relation.Value
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		all := make([]placed, len(rows))
		for i, it := range rows {
			all[i] = placed{it, make([]relation.Value, len(keys))}
			for j := range keys {
				if all[i].place[j], err = keys[j].expr(p, it.row); err != nil {
					return nil, err
				}
			}
		}
		slices.SortFunc(all, func(a, b placed) int {
			for j, key := range keys {
				if c := Compare(key.kind, key.enum, a.place[j], b.place[j]); c != 0 {
					if key.desc {
						return -c
					}
					return c
				}
			}
			if desc {
				return compareIDs(ids, b.id, a.id)
			}
			return compareIDs(ids, a.id, b.id)
		})
		for i := range all {
			rows[i] = all[i].item
		}
		return rows, nil
	}, nil
}

// compareIDs breaks ties. Enums compare as texts.
func compareIDs(ids []relation.Kind, a, b relation.Row) int {
	for i, kind := range ids {
		if kind == relation.Enum {
			kind = relation.Text
		}
		if c := Compare(kind, nil, a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

func (k *compiler) limit(in items, n *relation.Limit) (items, error) {
	count := func(*Params, relation.Row) (relation.Value, error) { return int64(n.N), nil }
	if n.Count != nil {
		var err error
		if count, err = k.expr(n.Count); err != nil {
			return nil, err
		}
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		v, err := count(p, nil)
		if most, ok := v.(int64); ok && int64(len(rows)) > most {
			rows = rows[:most]
		}
		return rows, err
	}, nil
}

func (k *compiler) mapping(in items, n *relation.Map) (items, error) {
	exprs := make([]Expr, len(n.Exprs))
	for i, e := range n.Exprs {
		var err error
		if exprs[i], err = k.expr(e.Expr); err != nil {
			return nil, err
		}
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		for i, it := range rows {
			out := make(relation.Row, len(exprs))
			for j, x := range exprs {
				if out[j], err = x(p, it.row); err != nil {
					return nil, err
				}
			}
			rows[i].row = out
		}
		return rows, nil
	}, nil
}

// join returns a function for a join.
func (k *compiler) join(in items, n *relation.Join) (items, error) {
	left := make([]Expr, len(n.LeftOn))
	for i, x := range n.LeftOn {
		var err error
		if left[i], err = k.expr(x); err != nil {
			return nil, err
		}
	}
	right, _, err := k.node(n.Right)
	if err != nil {
		return nil, err
	}
	record := func(r relation.Row) relation.Row {
		out := make(relation.Row, len(n.Fields))
		for i, f := range n.Fields {
			out[i] = r[f]
		}
		return out
	}
	return func(p *Params) ([]item, error) {
		rows, err := in(p)
		if err != nil {
			return nil, err
		}
		var out []item
		for _, it := range rows {
			match, err := k.matching(p, it.row, left, right, n.RightOn)
			if err != nil {
				return nil, err
			}
			var nested relation.Value
			switch {
			case match != nil:
				nested = record(match)
			case !n.Optional:
				continue
			}
			if n.Replace >= 0 {
				it.row = slices.Clone(it.row)
				it.row[n.Replace] = nested
			} else {
				it.row = append(slices.Clip(it.row), nested)
			}
			out = append(out, it)
		}
		return out, nil
	}, nil
}

// matching returns the row of the right side that matches a row; nil if there is none. null matches nothing.
func (k *compiler) matching(p *Params, row relation.Row, left []Expr, right items, on []int) (relation.Row, error) {
	want := make(relation.Row, len(left))
	for i, x := range left {
		v, err := x(p, row)
		if err != nil || v == nil {
			return nil, err
		}
		want[i] = v
	}
	var found relation.Row
	err := p.within(row, func() error {
		rows, err := right(p)
		for _, it := range rows {
			same := true
			for i, c := range on {
				same = same && Equal(it.row[c], want[i])
			}
			if same {
				found = it.row
				break
			}
		}
		return err
	})
	return found, err
}

// within runs fn with a row as the innermost enclosing row.
func (p *Params) within(row relation.Row, fn func() error) error {
	p.around = append(p.around, row)
	defer func() { p.around = p.around[:len(p.around)-1] }()
	return fn()
}

// inPlan returns a function that tests whether a plan contains a value.
func (k *compiler) inPlan(x *relation.InPlan) (Expr, error) {
	if !k.plans {
		return nil, ErrNotPure
	}
	in, err := k.expr(x.X)
	if err != nil {
		return nil, err
	}
	rows, _, err := k.node(x.Plan)
	if err != nil {
		return nil, err
	}
	return func(p *Params, row relation.Row) (has relation.Value, err error) {
		v, err := in(p, row)
		if err != nil {
			return nil, err
		}
		err = p.within(row, func() error {
			all, err := rows(p)
			has = slices.ContainsFunc(all, func(it item) bool { return Equal(it.row[0], v) })
			return err
		})
		return has, err
	}, nil
}

// sub returns a function for the value of a plan that runs for each row.
func (k *compiler) sub(x *relation.Sub) (Expr, error) {
	if !k.plans {
		return nil, ErrNotPure
	}
	value, err := k.reduce(x.Plan)
	if err != nil {
		return nil, err
	}
	return func(p *Params, row relation.Row) (v relation.Value, err error) {
		err = p.within(row, func() error {
			v, err = value(p)
			return err
		})
		return v, err
	}, nil
}
