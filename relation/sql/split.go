package sql

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// splitter divides a plan. What the database computes becomes statements; the rest of the plan scans their results.
type splitter struct {
	f   *Flavour
	q   *relation.Query
	out *Prepared
}

// node returns the rest of a plan.
func (s *splitter) node(n relation.Node) (relation.Node, error) {
	if _, value := n.(*relation.Reduce); !value {
		leaf, err := s.push(n)
		if leaf != nil || err != nil {
			return leaf, err
		}
	}
	if f, ok := n.(*relation.Filter); ok {
		return s.filter(f)
	}
	if _, scan := n.(*relation.Scan); scan {
		return nil, fmt.Errorf("%s does not read the table %s", s.f.Name, relation.Source(n).Table.Name)
	}
	in, err := s.node(relation.Input(n))
	if err != nil {
		return nil, err
	}
	left := relation.OnInput(n, in)
	if j, ok := left.(*relation.Join); ok {
		if j.Right, err = s.node(j.Right); err != nil {
			return nil, err
		}
	}
	return s.exprs(left)
}

// push makes a statement of a plan, and returns the scan that reads its result; nil if the database does not compute the plan.
func (s *splitter) push(n relation.Node) (relation.Node, error) {
	if correlated(n) {
		return nil, nil
	}
	with, own := chain.Identified(n)
	st, err := statement(s.f, s.q, with)
	var left *notPushed
	switch {
	case errors.As(err, &left):
		return nil, nil
	case err != nil:
		return nil, err
	}
	t := &relation.Table{Name: fmt.Sprintf("statement %d", len(s.out.Statements)), Columns: st.Out}
	for i := own; i < len(st.Out); i++ {
		t.Key = append(t.Key, i)
	}
	s.out.leaf[t] = len(s.out.Statements)
	s.out.Statements = append(s.out.Statements, st)
	out := make([]relation.Named, own)
	for i, c := range st.Out[:own] {
		out[i] = relation.Named{Column: c, Expr: &relation.Col{Index: i, Kind: c.Kind, Enum: c.Enum}}
	}
	return &relation.Map{Input: &relation.Scan{Table: t}, Exprs: out}, nil
}

// filter pushes the conditions that the database computes, and keeps the others. A condition that may fail must not
// move past one that is kept, and no condition may move past one that may fail.
func (s *splitter) filter(n *relation.Filter) (relation.Node, error) {
	var left []relation.Expr
	in, may := n.Input, true
	for _, c := range chain.Conjuncts(n.Cond) {
		pushed := &relation.Filter{Input: in, Cond: c}
		if may && (len(left) == 0 || !relation.MayFail(c)) && s.pushes(pushed) {
			in = pushed
			continue
		}
		left, may = append(left, c), may && !relation.MayFail(c)
	}
	in, err := s.node(in)
	if err != nil {
		return nil, err
	}
	for _, c := range left {
		if in, err = s.exprs(&relation.Filter{Input: in, Cond: c}); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// exprs returns a node in which the plans in expressions are replaced by the rest of them.
func (s *splitter) exprs(n relation.Node) (relation.Node, error) {
	var err error
	left := relation.Replace(n, func(in relation.Part) relation.Part {
		if x, ok := in.(relation.Expr); ok {
			return s.expr(x, &err)
		}
		return in
	})
	return left.(relation.Node), err
}

func (s *splitter) expr(x relation.Expr, failed *error) relation.Expr {
	return relation.Replace(x, func(in relation.Part) relation.Part {
		if n, ok := in.(relation.Node); ok {
			left, err := s.node(n)
			if err != nil {
				*failed = err
				return in
			}
			return left
		}
		return s.expr(in.(relation.Expr), failed)
	}).(relation.Expr)
}

// pushes reports whether the database computes a plan.
func (s *splitter) pushes(n relation.Node) bool {
	if correlated(n) {
		return false
	}
	_, err := statement(s.f, s.q, n)
	return err == nil
}

// correlated reports whether a plan refers to enclosing rows.
func correlated(n relation.Node) bool {
	found := false
	relation.WalkExprs(n, func(x relation.Expr, inner int) bool {
		c, ok := x.(*relation.Col)
		found = found || ok && c.Depth > inner
		return !found
	})
	return found
}
