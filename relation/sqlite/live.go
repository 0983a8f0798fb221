package sqlite

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// live makes the further statements with which package livequery keeps a plan up to date. Their roles, with the binds that follow the parameters:
//
//	window   (limit)                  the first rows, for mode Rows
//	refill   (order…, key…, limit)    the rows behind a place in the order
//	row      (key…)                   the row that one row of the table gives, if any
//	dep N    (values…, limit)         the first rows that hang on certain rows of a table whose changes move rows in and out
//	which N  (values…)                the values that route the windows (Reads[0].Cols) whose rows hang on certain rows of such a table, where nothing else tells
//	groups   ()                       all groups with the state of their aggregates, for mode Groups
//	group    (keys…)                  one group
//	value    ()                       the state of the aggregate, for mode Value
//	all      (limit, of pages only)   the whole result, for mode Requery
//
// The rows of mode Rows are: the table's key, the values of the order, the values of each dependency in turn, whether the row is shown, then the columns of the query. Those of "all" are what
// identifies the row, then the columns of the query.
func live(plan relation.Node, params []relation.Column) (*relation.Live, error) {
	c := chain.Of(plan)
	w := &writer{chain: c, plan: plan, params: params}
	switch c.Mode {
	case chain.Rows:
		w.rows()
	case chain.Groups:
		w.groups()
	case chain.Value:
		w.value()
	default:
		w.all()
	}
	return &relation.Live{Statements: w.out}, w.err
}

type writer struct {
	chain  *chain.Chain
	plan   relation.Node
	params []relation.Column
	out    []relation.Statement
	err    error
}

// statement adds the statement that fn writes with a compiler of its own.
func (w *writer) statement(role string, fn func(k *compiler) (text string, out relation.Schema, err error)) {
	if w.err != nil {
		return
	}
	k := newCompiler(w.params)
	text, out, err := fn(k)
	if err != nil {
		w.err = err
		return
	}
	w.out = append(w.out, relation.Statement{Role: role, SQL: k.finish(text), Binds: k.binds, Out: out})
}

// window is a chain of mode Rows as one selection. Its steps behind the limit change what is shown and not which rows there are.
type window struct {
	*selection       // with the values of the dependencies as more
	first      []int // of each dependency: its first value in more
	shown      []string
	kinds      relation.Schema // of the hidden columns, without shown
}

// deps is the values of a dependency.
func (s *window) deps(c *chain.Chain, d int) []value {
	return s.more[s.first[d] : s.first[d]+len(c.Deps[d].Exprs)]
}

// selectRows writes the rows that narrow chooses among all.
func (w *writer) selectRows(k *compiler, narrow func(s *window)) (*window, error) {
	c := w.chain
	s := &window{selection: k.scan(c.Table), first: make([]int, len(c.Deps))}
	limited := false
	limit := func() {
		s.settle()
		narrow(s)
		limited = true
	}
	for i := 0; ; i++ {
		if i == c.SortAt {
			if _, err := k.sort(s.selection, c.Sort); err != nil {
				return nil, err
			}
		}
		if i < len(c.Steps) && c.Steps[i].AfterLimit && !limited {
			limit()
			s.selection = k.wrap(s.selection)
		}
		for d := range c.Deps {
			if c.Deps[d].Step != i {
				continue
			}
			s.first[d] = len(s.more)
			for _, x := range c.Deps[d].Exprs {
				v, err := k.over(s.selection, x)
				if err != nil {
					return nil, err
				}
				s.more = append(s.more, v)
			}
		}
		if i == len(c.Steps) {
			break
		}
		if err := k.step(s, c.Steps[i]); err != nil {
			return nil, err
		}
	}
	if !limited {
		limit()
	}
	for _, col := range c.Table.Key {
		s.kinds = append(s.kinds, c.Table.Columns[col])
	}
	for i, b := range c.Sort {
		s.kinds = append(s.kinds, relation.Column{Kind: relation.KindOf(b.Expr), Nullable: s.by[i].null})
	}
	for d := range c.Deps {
		for i, x := range c.Deps[d].Exprs {
			s.kinds = append(s.kinds, relation.Column{Kind: relation.KindOf(x), Nullable: s.deps(c, d)[i].null})
		}
	}
	return s, nil
}

func (k *compiler) step(s *window, step chain.Step) error {
	switch n := step.Node.(type) {
	case *relation.Filter:
		if step.AfterLimit {
			x, err := k.over(s.selection, n.Cond)
			if err != nil {
				return err
			}
			text := x.truth()
			if fallible(n.Cond) && len(s.shown) > 0 {
				text = "CASE WHEN " + strings.Join(s.shown, " AND ") + " THEN " + text + " ELSE 0 END"
			}
			s.shown = append(s.shown, text)
			return nil
		}
		_, err := k.filter(s.selection, n.Cond)
		return err
	case *relation.Join:
		if err := k.join(s.selection, n, n.Optional || step.AfterLimit); err != nil {
			return err
		}
		if step.AfterLimit && !n.Optional {
			rec := s.cols[len(s.cols)-1]
			if n.Replace >= 0 {
				rec = s.cols[n.Replace]
			}
			s.shown = append(s.shown, "("+rec.sql+")")
		}
		return nil
	case *relation.Map:
		return k.mapping(s.selection, n)
	}
	return fmt.Errorf("a step of type %T", step.Node)
}

// textOf writes the statement: the hidden columns, whether the row is shown, the columns of the query.
func (s *window) textOf(c *chain.Chain, plan relation.Node) (string, relation.Schema) {
	cols := append(flat(s.ident), flat(s.by[:len(c.Sort)])...)
	for d := range c.Deps {
		cols = append(cols, flat(s.deps(c, d))...)
	}
	shown := "1"
	if len(s.shown) > 0 {
		shown = "(" + strings.Join(s.shown, " AND ") + ")"
	}
	cols = append(append(cols, shown), flat(s.cols)...)
	out := append(append(relation.Schema(nil), s.kinds...), relation.Column{Kind: relation.Bool})
	return s.text(cols), append(out, rowsOf(plan)...)
}

// rowsOf is the columns of the rows of a plan, also where it gives the first one only.
func rowsOf(plan relation.Node) relation.Schema {
	if r, ok := plan.(*relation.Reduce); ok {
		return relation.SchemaOf(r.Input)
	}
	return relation.SchemaOf(plan)
}

func (w *writer) rows() {
	c := w.chain
	build := func(role string, few bool, narrow func(k *compiler, s *window)) {
		w.statement(role, func(k *compiler) (string, relation.Schema, error) {
			k.few = few
			s, err := w.selectRows(k, func(s *window) { narrow(k, s) })
			if err != nil {
				return "", nil, err
			}
			text, out := s.textOf(c, w.plan)
			return text, out, nil
		})
	}
	build("window", false, func(k *compiler, s *window) { s.limit = k.bind() })
	if c.Limit > 0 {
		build("refill", false, func(k *compiler, s *window) {
			n := len(c.Sort)
			bounds := make([]value, 0, len(s.by))
			for _, b := range s.by[:n] {
				bounds = append(bounds, value{sql: k.bind(), null: b.null})
			}
			keys := make([]value, len(s.ident))
			for i := range s.ident {
				keys[i] = value{sql: k.bind()}
			}
			// The keys that the order does not have yet stand at its end.
			at := n
			for i, v := range s.ident {
				if at < len(s.by) && s.by[at].sql == v.sql {
					bounds = append(bounds, keys[i])
					at++
				}
			}
			s.where = append(s.where, s.behind(bounds))
			s.limit = k.bind()
		})
	}
	build("row", true, func(k *compiler, s *window) {
		for _, v := range s.ident {
			s.where = append(s.where, v.sql+" = "+k.bind())
		}
		s.order, s.limit = nil, "1"
	})
	for i := range c.Deps {
		if !c.Deps[i].Member || len(c.Deps[i].Cols) == 0 {
			continue
		}
		build(fmt.Sprintf("dep %d", i), true, func(k *compiler, s *window) {
			for _, v := range s.deps(c, i) {
				op := " = "
				if v.null {
					op = " IS "
				}
				s.where = append(s.where, v.sql+op+k.bind())
			}
			s.limit = k.bind()
		})
		w.which(i)
	}
}

// which writes where in the table there are rows that hang on a dependency. It leaves conditions out: to look at some rows in vain does no harm.
func (w *writer) which(d int) {
	c := w.chain
	if !c.Probes(d) {
		return
	}
	w.statement(fmt.Sprintf("which %d", d), func(k *compiler) (string, relation.Schema, error) {
		s := k.scan(c.Table)
		base := s.cols
		for _, step := range c.Steps[:c.Deps[d].Step] {
			if m, ok := step.Node.(*relation.Map); ok {
				if err := k.mapping(s, m); err != nil {
					return "", nil, err
				}
			}
		}
		for _, x := range c.Deps[d].Exprs {
			v, err := k.over(s, x)
			if err != nil {
				return "", nil, err
			}
			s.where = append(s.where, comparison(relation.Eq, v, value{sql: k.bind(), null: v.null}, nil))
		}
		var cols []string
		var out relation.Schema
		for _, col := range c.Reads[0].Cols {
			cols, out = append(cols, base[col].sql), append(out, c.Table.Columns[col])
		}
		cols[0] = "DISTINCT " + cols[0]
		return s.text(cols), out, nil
	})
}

// behind is the condition that a row stands behind a place in the order.
func (s *selection) behind(place []value) string {
	first := relation.Ge
	if s.desc[0] {
		first = relation.Le
	}
	cond := s.after(place, 0)
	if len(place) == 1 {
		return cond
	}
	return "(" + comparison(first, s.by[0], place[0], s.enum[0]) + " AND " + cond + ")" // the first half is what an index can use
}

func (s *selection) after(place []value, i int) string {
	op := relation.Gt
	if s.desc[i] {
		op = relation.Lt
	}
	strictly := comparison(op, s.by[i], place[i], s.enum[i])
	if i == len(place)-1 {
		return strictly
	}
	return "(" + strictly + " OR " + comparison(relation.Eq, s.by[i], place[i], nil) + " AND " + s.after(place, i+1) + ")"
}
