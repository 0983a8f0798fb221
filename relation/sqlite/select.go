package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
)

// value is an expression in SQL: one value, a record whose fields are expressions, or a record that a function has packed into one value.
type value struct {
	sql    string
	null   bool // may be null
	fields []value
	schema relation.Schema // of a record; sql then tells whether there is one, or is the packed record where fields is nil
}

func (v *value) isRecord() bool { return v.schema != nil }

// selection is a SELECT that is being written.
type selection struct {
	from  string
	where []string
	order []string // terms
	by    []value  // what the terms order by, for those around
	desc  []bool
	enum  [][]string
	limit string
	cols  []value
	ident []value // what tells the rows apart
	more  []value // further values that a selection around it takes over
	key   []int   // the columns that are ident; nil when a map has dropped one
}

// compiler writes one statement.
type compiler struct {
	params  []relation.Column
	binds   []int
	place   map[int]string // placeholder by parameter
	scopes  [][]value      // the rows around, innermost last
	aliases int
	extra   int  // binds that follow the parameters
	paged   bool // the limit of a page is bound
	few     bool // the statement looks at few rows: `in` looks each one up
}

func newCompiler(params []relation.Column) *compiler {
	return &compiler{params: params, place: map[int]string{}}
}

func (k *compiler) param(i int) string {
	p, ok := k.place[i]
	if !ok {
		k.binds = append(k.binds, i)
		p = fmt.Sprintf("?%d", len(k.binds))
		k.place[i] = p
	}
	return p
}

// bind is the placeholder of a further bind. The parameters before it may not all be known yet, so that finish puts in the number.
func (k *compiler) bind() string {
	k.extra++
	return fmt.Sprintf("\x00%d\x00", k.extra)
}

func (k *compiler) finish(text string) string {
	for i := k.extra; i > 0; i-- {
		text = strings.ReplaceAll(text, fmt.Sprintf("\x00%d\x00", i), fmt.Sprintf("?%d", len(k.binds)+i))
	}
	return text
}

func (k *compiler) alias() string {
	k.aliases++
	return fmt.Sprintf("t%d", k.aliases)
}

// query writes a whole plan, and names the columns that identify its rows.
func (k *compiler) query(plan relation.Node) (text string, key []int, err error) {
	if r, ok := plan.(*relation.Reduce); ok {
		text, err = k.result(r)
		return text, nil, err
	}
	s, err := k.plan(plan)
	if err != nil {
		return "", nil, err
	}
	s.settle()
	return s.text(flat(s.cols)), s.key, nil
}

// result writes a plan that gives one value. It yields one row in any case.
func (k *compiler) result(r *relation.Reduce) (string, error) {
	s, err := k.plan(r.Input)
	if err != nil {
		return "", err
	}
	if r.Agg.Func != relation.First {
		v, err := k.reduce(s, r.Agg, nil)
		return "SELECT " + v.sql, err
	}
	s = k.limited(s, "1")
	cols := []string{"1"}
	for _, c := range s.cols {
		cols = append(cols, flat([]value{c})...)
	}
	outer := make([]string, len(cols))
	for i := range cols {
		cols[i] += fmt.Sprintf(" AS c%d", i)
		outer[i] = fmt.Sprintf("f.c%d", i)
	}
	return "SELECT " + strings.Join(outer, ", ") + " FROM (SELECT 1) LEFT JOIN (" + s.text(cols) + ") AS f", nil
}

// plan writes the operators of rows.
func (k *compiler) plan(n relation.Node) (*selection, error) {
	switch n := n.(type) {
	case *relation.Scan:
		return k.scan(n.Table), nil
	case *relation.Filter:
		return k.then(n.Input, func(s *selection) (*selection, error) { return k.filter(s, n.Cond) })
	case *relation.Sort:
		return k.then(n.Input, func(s *selection) (*selection, error) { return k.sort(s, n.By) })
	case *relation.Limit:
		return k.then(n.Input, func(s *selection) (*selection, error) { return k.limited(s, fmt.Sprint(n.N)), nil })
	case *relation.Page:
		return k.then(n.Input, func(s *selection) (*selection, error) {
			if k.paged {
				return k.limited(s, k.bind()), nil
			}
			return k.limited(s, fmt.Sprint(n.N)), nil
		})
	case *relation.Join:
		return k.then(n.Input, func(s *selection) (*selection, error) {
			if s.limit != "" {
				s = k.wrap(s)
			}
			return s, k.join(s, n, n.Optional)
		})
	case *relation.Map:
		return k.then(n.Input, func(s *selection) (*selection, error) {
			if s.limit != "" && slices.ContainsFunc(n.Exprs, func(e relation.Named) bool { return chain.ReadsTables(e.Expr) }) {
				s = k.wrap(s) // SQLite would compute the columns of all rows before it orders them
			}
			return s, k.mapping(s, n)
		})
	case *relation.Group:
		return k.then(n.Input, func(s *selection) (*selection, error) { return k.group(s, n) })
	}
	return nil, fmt.Errorf("a value stands inside the pipeline")
}

func (k *compiler) then(in relation.Node, next func(*selection) (*selection, error)) (*selection, error) {
	s, err := k.plan(in)
	if err != nil {
		return nil, err
	}
	return next(s)
}

func (k *compiler) scan(t *relation.Table) *selection {
	a := k.alias()
	s := &selection{from: quote(t.Name) + " AS " + a, cols: columns(a, t), key: t.Key}
	for _, c := range t.Key {
		s.ident = append(s.ident, s.cols[c])
	}
	return s
}

func columns(alias string, t *relation.Table) []value {
	out := make([]value, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = value{sql: alias + "." + quote(c.Name), null: c.Nullable}
	}
	return out
}

func (k *compiler) filter(s *selection, cond relation.Expr) (*selection, error) {
	if s.limit != "" {
		s = k.wrap(s)
	}
	x, err := k.over(s, cond)
	if err != nil {
		return nil, err
	}
	s.add(x, fallible(cond))
	return s, nil
}

// add adds a condition. One that may fail is only tried on rows for which those before it hold, an order that SQL does not promise.
func (s *selection) add(cond value, fallible bool) {
	text := cond.truth()
	if fallible && len(s.where) > 0 {
		text = "CASE WHEN " + strings.Join(s.where, " AND ") + " THEN " + text + " ELSE 0 END"
	}
	s.where = append(s.where, text)
}

func (k *compiler) sort(s *selection, by []relation.SortKey) (*selection, error) {
	if s.limit != "" {
		s = k.wrap(s)
	}
	s.order, s.by, s.desc, s.enum = nil, nil, nil, nil
	for _, b := range by {
		if relation.KindOf(b.Expr) == relation.Record {
			continue
		}
		x, err := k.over(s, b.Expr)
		if err != nil {
			return nil, err
		}
		var enum []string
		if c, ok := b.Expr.(*relation.Col); ok && c.Kind == relation.Enum {
			enum = c.Enum
		}
		s.orderBy(x, b.Desc, enum)
	}
	return s, nil
}

func (s *selection) orderBy(x value, desc bool, enum []string) {
	term := ordered(x.sql, enum)
	if desc {
		term += " DESC"
	}
	s.order, s.by, s.desc, s.enum = append(s.order, term), append(s.by, x), append(s.desc, desc), append(s.enum, enum)
}

// settle makes the order total.
func (s *selection) settle() {
	for _, v := range s.ident {
		known := false
		for _, b := range s.by {
			known = known || b.sql == v.sql
		}
		if !known {
			s.orderBy(v, false, nil)
		}
	}
}

func (k *compiler) limited(s *selection, limit string) *selection {
	if s.limit != "" {
		s = k.wrap(s)
	}
	s.settle()
	s.limit = limit
	return s
}

// join adds the record of a right row. With optional, a row without one stays.
func (k *compiler) join(s *selection, n *relation.Join, optional bool) error {
	a := k.alias()
	right := n.Right
	var conds []relation.Expr
	for {
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
		on.add(x, fallible(c))
	}
	k.scopes = k.scopes[:len(k.scopes)-1]
	kind := " JOIN "
	if optional {
		kind = " LEFT JOIN "
	}
	s.from += kind + quote(table.Name) + " AS " + a + " ON " + strings.Join(on.where, " AND ")
	rec := value{sql: cols[table.Key[0]].sql + " IS NOT NULL", null: n.Optional}
	for _, f := range n.Fields {
		v := cols[f]
		v.null = v.null || n.Optional
		rec.fields = append(rec.fields, v)
		rec.schema = append(rec.schema, table.Columns[f])
	}
	if rec.schema == nil {
		rec.schema, rec.fields = relation.Schema{}, []value{}
	}
	if n.Replace < 0 {
		s.cols = append(s.cols[:len(s.cols):len(s.cols)], rec)
		return nil
	}
	s.cols = append([]value(nil), s.cols...)
	s.cols[n.Replace] = rec
	for _, c := range s.key {
		if c == n.Replace {
			s.key = nil
			break
		}
	}
	return nil
}

func (k *compiler) mapping(s *selection, n *relation.Map) error {
	cols := make([]value, len(n.Exprs))
	from := map[int]int{}
	for i, e := range n.Exprs {
		x, err := k.over(s, e.Expr)
		if err != nil {
			return err
		}
		cols[i] = x
		if c, ok := e.Expr.(*relation.Col); ok && c.Depth == 0 && len(c.Path) == 0 {
			if _, seen := from[c.Index]; !seen {
				from[c.Index] = i
			}
		}
	}
	key := make([]int, 0, len(s.key))
	for _, c := range s.key {
		to, ok := from[c]
		if !ok {
			key = nil
			break
		}
		key = append(key, to)
	}
	s.cols, s.key = cols, key
	return nil
}

func (k *compiler) group(s *selection, n *relation.Group) (*selection, error) {
	if s.limit != "" {
		s = k.wrap(s)
	}
	g := &selection{from: s.from, where: s.where}
	var by []string
	for i, key := range n.Keys {
		x, err := k.over(s, key.Expr)
		if err != nil {
			return nil, err
		}
		if x.isRecord() {
			return nil, fmt.Errorf("rows cannot be grouped by the record `%s`", key.Name)
		}
		g.cols, g.ident, g.key, by = append(g.cols, x), append(g.ident, x), append(g.key, i), append(by, x.sql)
	}
	for _, a := range n.Aggs {
		x, err := k.aggregate(s, a.Agg)
		if err != nil {
			return nil, err
		}
		g.cols = append(g.cols, x)
	}
	if len(by) > 0 {
		g.where = append([]string(nil), g.where...)
		return k.wrapGroup(g, strings.Join(by, ", ")), nil
	}
	return nil, fmt.Errorf("a group needs a key")
}

// fallible tells whether computing x may fail.
func fallible(x relation.Expr) bool {
	found := false
	relation.WalkExprs(x, func(x relation.Expr, _ int) bool {
		found = found || eval.Fallible(x)
		return !found
	})
	return found
}
