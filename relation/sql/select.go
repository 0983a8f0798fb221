package sql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// value is an expression in SQL: a single value, a record whose fields are expressions, or a record that is packed into one value.
type value struct {
	sql    string
	null   bool // may be null
	fields []value
	schema relation.Schema // of a record; sql says whether there is a record or, if fields is nil, is the packed record
}

func (v *value) isRecord() bool { return v.schema != nil }

// sortKey is one key of an order.
type sortKey struct {
	value
	kind relation.Kind
	enum []string
	desc bool
}

// selection is a SELECT under construction.
type selection struct {
	from    string
	where   []string
	grouped bool
	group   string // the clause; "" for one group of all rows
	by      []sortKey
	limit   string
	cols    []value
	ident   []sortKey // what identifies the rows
}

// compiler writes one statement.
type compiler struct {
	f       *Flavour
	params  []relation.Column
	binds   []int
	place   map[int]string // placeholders by parameter
	scopes  [][]value      // the enclosing rows, innermost last
	aliases int
	few     bool // the statement reads few rows, so `in` looks up each one
}

// notPushed is the error for a plan that the database does not compute: it cannot, or it should not.
type notPushed struct{ part relation.Part }

func (e *notPushed) Error() string { return fmt.Sprintf("the database does not compute a %T", e.part) }

func (k *compiler) pushes(p relation.Part) bool { return k.f.Pushes == nil || k.f.Pushes(p) }

func (k *compiler) param(i int) string {
	p, ok := k.place[i]
	if !ok {
		k.binds = append(k.binds, i)
		p = k.f.Placeholder(len(k.binds))
		k.place[i] = p
	}
	return p
}

func (k *compiler) alias() string {
	k.aliases++
	return fmt.Sprintf("t%d", k.aliases)
}

// query writes a whole plan. Its rows have a total order.
func (k *compiler) query(plan relation.Node) (string, error) {
	if r, ok := plan.(*relation.Reduce); ok {
		return k.result(r)
	}
	s, err := k.plan(plan)
	if err != nil {
		return "", err
	}
	s.settle()
	return k.text(s, flat(s.cols)), nil
}

// result writes a plan that has one value. It always yields one row.
func (k *compiler) result(r *relation.Reduce) (string, error) {
	if !k.pushes(r) {
		return "", &notPushed{r}
	}
	s, err := k.plan(r.Input)
	if err != nil {
		return "", err
	}
	if r.Agg.Func != relation.First {
		v, err := k.reduce(s, r)
		return "SELECT " + v.sql, err
	}
	s = k.limited(s, "1")
	cols := []string{k.f.True}
	for _, c := range s.cols {
		cols = append(cols, flat([]value{c})...)
	}
	outer := make([]string, len(cols))
	for i := range cols {
		cols[i] += fmt.Sprintf(" AS c%d", i)
		outer[i] = fmt.Sprintf("f.c%d", i)
	}
	return "SELECT " + strings.Join(outer, ", ") + " FROM (SELECT 1) AS o LEFT JOIN (" + k.text(s, cols) + ") AS f ON " + k.f.True, nil
}

// plan writes the operators of a plan with rows.
func (k *compiler) plan(n relation.Node) (*selection, error) {
	if !k.pushes(n) {
		return nil, &notPushed{n}
	}
	if t, ok := n.(*relation.Scan); ok {
		return k.scan(t.Table), nil
	}
	in := relation.Input(n)
	if in == nil {
		return nil, fmt.Errorf("a plan begins with a %T", n)
	}
	s, err := k.plan(in)
	if err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case *relation.Filter:
		return k.filter(s, n.Cond)
	case *relation.Sort:
		return k.sort(s, n.By)
	case *relation.Limit:
		if n.Count == nil {
			return k.limited(s, fmt.Sprint(n.N)), nil
		}
		count, err := k.scalar(n.Count)
		return k.limited(s, count.sql), err
	case *relation.Page:
		return k.limited(s, fmt.Sprint(n.N)), nil
	case *relation.Join:
		s = k.open(s)
		return s, k.join(s, n)
	case *relation.Map:
		if s.grouped || s.limit != "" && slices.ContainsFunc(n.Exprs, func(e relation.Named) bool { return chain.ReadsTables(e.Expr) }) {
			s = k.wrap(s) // otherwise SQLite would compute the columns of all rows before it sorts them
		}
		return s, k.mapping(s, n)
	case *relation.Group:
		return k.grouped(s, n)
	}
	if _, ok := n.(*relation.Reduce); ok {
		return nil, fmt.Errorf("the pipeline contains a single value")
	}
	return nil, fmt.Errorf("a %T has no SQL", n)
}

func (k *compiler) scan(t *relation.Table) *selection {
	a := k.alias()
	s := &selection{from: Quote(t.Name) + " AS " + a, cols: columns(a, t)}
	for _, c := range t.Key {
		s.ident = append(s.ident, sortKey{value: s.cols[c], kind: t.Columns[c].Kind})
	}
	return s
}

func columns(alias string, t *relation.Table) []value {
	out := make([]value, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = value{sql: alias + "." + Quote(c.Name), null: c.Nullable}
	}
	return out
}

func (k *compiler) filter(s *selection, cond relation.Expr) (*selection, error) {
	s = k.open(s)
	x, err := k.over(s, cond)
	if err != nil {
		return nil, err
	}
	k.where(s, x, relation.MayFail(cond))
	return s, nil
}

// where adds a condition. A condition that may fail must only be evaluated for rows that satisfy the conditions before
// it, an order that SQL does not guarantee.
func (k *compiler) where(s *selection, cond value, fallible bool) {
	text := k.truth(cond)
	if fallible && len(s.where) > 0 {
		text = "CASE WHEN " + strings.Join(s.where, " AND ") + " THEN " + text + " ELSE " + k.f.False + " END"
	}
	s.where = append(s.where, text)
}

func (k *compiler) sort(s *selection, by []relation.SortKey) (*selection, error) {
	s = k.open(s)
	s.by = nil
	for _, b := range by {
		if relation.KindOf(b.Expr) == relation.Record {
			continue
		}
		x, err := k.over(s, b.Expr)
		if err != nil {
			return nil, err
		}
		key := sortKey{value: x, kind: relation.KindOf(b.Expr), desc: b.Desc}
		if c, ok := b.Expr.(*relation.Col); ok && c.Kind == relation.Enum {
			key.enum = c.Enum
		}
		s.by = append(s.by, key)
	}
	return s, nil
}

// settle makes the order total.
func (s *selection) settle() {
	desc := len(s.by) > 0 && s.by[len(s.by)-1].desc // as relation.TiesDesc
	for _, v := range s.ident {
		v.desc = desc
		if !slices.ContainsFunc(s.by, func(b sortKey) bool { return b.sql == v.sql }) {
			s.by = append(s.by, v)
		}
	}
}

func (k *compiler) limited(s *selection, limit string) *selection {
	s = k.open(s)
	s.settle()
	s.limit = limit
	return s
}

// join adds the record of a row of the right side. Without a match, the row remains only if the join is optional.
func (k *compiler) join(s *selection, n *relation.Join) error {
	a := k.alias()
	right := n.Right
	var conds []relation.Expr
	for {
		if !k.pushes(right) {
			return &notPushed{right}
		}
		f, ok := right.(*relation.Filter)
		if !ok {
			break
		}
		conds = append([]relation.Expr{f.Cond}, conds...)
		right = f.Input
	}
	table := right.(*relation.Scan).Table
	cols := columns(a, table)
	on := &selection{cols: cols}
	for i, x := range n.LeftOn {
		left, err := k.over(s, x)
		if err != nil {
			return err
		}
		on.where = append(on.where, cols[n.RightOn[i]].sql+" = "+left.sql)
	}
	k.scopes = append(k.scopes, s.cols)
	for _, c := range conds {
		x, err := k.over(on, c)
		if err != nil {
			return err
		}
		k.where(on, x, relation.MayFail(c))
	}
	k.scopes = k.scopes[:len(k.scopes)-1]
	kind := " JOIN "
	if n.Optional {
		kind = " LEFT JOIN "
	}
	s.from += kind + Quote(table.Name) + " AS " + a + " ON " + strings.Join(on.where, " AND ")
	rec := value{sql: cols[table.Key[0]].sql + " IS NOT NULL", null: n.Optional, schema: relation.Schema{}, fields: []value{}}
	for _, f := range n.Fields {
		v := cols[f]
		v.null = v.null || n.Optional
		rec.fields = append(rec.fields, v)
		rec.schema = append(rec.schema, table.Columns[f])
	}
	if n.Replace < 0 {
		s.cols = append(s.cols[:len(s.cols):len(s.cols)], rec)
		return nil
	}
	s.cols = slices.Clone(s.cols)
	s.cols[n.Replace] = rec
	return nil
}

func (k *compiler) mapping(s *selection, n *relation.Map) error {
	cols := make([]value, len(n.Exprs))
	for i, e := range n.Exprs {
		x, err := k.over(s, e.Expr)
		if err != nil {
			return err
		}
		cols[i] = x
	}
	s.cols = cols
	return nil
}

func (k *compiler) grouped(s *selection, n *relation.Group) (*selection, error) {
	s = k.open(s)
	g := &selection{from: s.from, where: slices.Clone(s.where), grouped: true}
	var by []string
	for _, key := range n.Keys {
		x, err := k.over(s, key.Expr)
		if err != nil {
			return nil, err
		}
		if x.isRecord() {
			return nil, fmt.Errorf("rows cannot be grouped by the record `%s`", key.Name)
		}
		g.cols, g.ident, by = append(g.cols, x), append(g.ident, sortKey{value: x, kind: key.Kind}), append(by, x.sql)
	}
	for _, a := range n.Aggs {
		x, err := k.aggregate(s, a.Agg, n)
		if err != nil {
			return nil, err
		}
		g.cols = append(g.cols, x)
	}
	if len(by) > 0 {
		g.group = " GROUP BY " + strings.Join(by, ", ")
	}
	return g, nil
}
