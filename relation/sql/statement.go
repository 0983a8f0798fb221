package sql

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
)

// Statement is a SELECT.
type Statement struct {
	SQL   string
	Binds []int // the parameter of each placeholder, in order
	Out   relation.Schema
}

// Prepared is a query as a database runs it: one statement, or several from whose results Go computes the rest.
type Prepared struct {
	Statements []*Statement

	above eval.Plan               // nil if one statement returns the result
	leaf  map[*relation.Table]int // the statement that returns the rows of a table in above
}

// Prepare makes the SQL of a query. Go computes what the database does not.
func Prepare(f *Flavour, q *relation.Query) (*Prepared, error) {
	plan := chain.Early(q.Plan)
	st, err := statement(f, q, plan)
	if err == nil {
		st.Out = q.Out
		return &Prepared{Statements: []*Statement{st}}, nil
	}
	var left *notPushed
	if !errors.As(err, &left) {
		return nil, err
	}
	s := &splitter{f: f, q: q, out: &Prepared{leaf: map[*relation.Table]int{}}}
	above, err := s.node(plan)
	if err == nil {
		s.out.above, err = eval.CompilePlan(above)
	}
	return s.out, err
}

// Run returns the rows of the query. run executes a statement.
func (p *Prepared) Run(params []relation.Value, run func(*Statement) ([]relation.Row, error)) ([]relation.Row, error) {
	if p.above == nil {
		return run(p.Statements[0])
	}
	read := make([][]relation.Row, len(p.Statements))
	return p.above(params, func(t *relation.Table) (rows []relation.Row, err error) {
		i, known := p.leaf[t]
		if !known {
			return nil, fmt.Errorf("no statement reads %s", t.Name)
		}
		if read[i] == nil {
			if rows, err = run(p.Statements[i]); err != nil {
				return nil, err
			}
			read[i] = append([]relation.Row{}, rows...) // never nil
		}
		return read[i], nil
	})
}

// Whole reports whether the database computes the whole query.
func (p *Prepared) Whole() bool { return p.above == nil }

func statement(f *Flavour, q *relation.Query, plan relation.Node) (*Statement, error) {
	k := &compiler{f: f, params: q.Params, place: map[int]string{}, few: q.Few}
	text, err := k.query(plan)
	if err != nil {
		return nil, err
	}
	return &Statement{SQL: text, Binds: k.binds, Out: relation.SchemaOf(plan)}, nil
}
