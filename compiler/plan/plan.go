// Package plan is the pass that lowers the pipelines of a checked program to relational plans, and its tables to their stored form.
package plan

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/sql"
)

// Plans has the stored forms of the tables of a program, and the plans of its queries.
type Plans struct {
	tables  map[*ir.Table]*relation.Table
	queries map[*ir.Query]*Query
}

// Query is the plan of a query. Args has an expression for each of its parameters, in order. They are evaluated in the
// scope of the pipeline.
type Query struct {
	*relation.Query
	Args []ir.Expr
}

// Table returns the stored form of a table. Column i stores Row.Fields[i].
func (p *Plans) Table(t *ir.Table) *relation.Table { return p.tables[t] }

// Query returns the plan of a query; nil if it has none.
func (p *Plans) Query(q *ir.Query) *Query { return p.queries[q] }

// Program plans the tables and queries of p. It reports queries that have no plan, or no SQL in one of the flavours, and missing indexes.
func Program(p *ir.Program, flavours ...*sql.Flavour) (*Plans, diag.List) {
	var list diag.List
	plans := &Plans{tables: map[*ir.Table]*relation.Table{}, queries: map[*ir.Query]*Query{}}
	x := &indexes{tables: map[*relation.Table]*ir.Table{}, fixed: map[string]bool{}}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			plans.tables[t] = table(t)
			x.tables[plans.tables[t]] = t
		}
	}
	for _, q := range p.Queries {
		made, err := plans.query(q, flavours)
		if err != nil {
			list = append(list, report(q, err)...)
			continue
		}
		plans.queries[q] = made
		list = append(list, x.warnings(q, made)...)
	}
	return plans, list
}

// query plans one query.
func (p *Plans) query(q *ir.Query, flavours []*sql.Flavour) (*Query, error) {
	l := &lowerer{query: q, system: q.System, tables: p.tables, known: map[ir.Path]int{}}
	root, err := l.pipeline(q.Pipeline, !isValue(q.Pipeline))
	if err != nil {
		return nil, err
	}
	made := chain.NewQuery
	if q.Live {
		made = chain.NewLiveQuery
	}
	out := &Query{Query: made(q.Name, root.node, l.params...), Args: l.args}
	for _, f := range flavours {
		if err := compiles(f, out.Query); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// compiles makes the SQL of a query as stores do when they open, to find out whether there is any.
func compiles(f *sql.Flavour, q *relation.Query) error {
	if _, err := sql.Prepare(f, q); err != nil {
		return err
	}
	for _, st := range q.Statements {
		if _, err := sql.Prepare(f, st.Query); err != nil {
			return err
		}
	}
	return nil
}

// isValue reports whether a pipeline ends in one value or at most one row. The order of its rows then has no meaning of its own.
func isValue(p *ir.Pipeline) bool {
	if len(p.Stages) == 0 {
		return false
	}
	switch p.Stages[len(p.Stages)-1].(type) {
	case *ir.ReduceStage, *ir.FindStage:
		return true
	}
	return false
}

// unplannable is the reason why a part of a pipeline has no relational form.
type unplannable struct {
	pos ir.Pos
	msg string
}

func (e *unplannable) Error() string { return e.msg }

func unplannablef(pos ir.Pos, format string, args ...any) error {
	return &unplannable{pos, fmt.Sprintf(format, args...)}
}

// notLive is the reason why a pipeline cannot be kept live.
type notLive struct {
	pos ir.Pos
	msg string
}

func (e *notLive) Error() string { return e.msg }

func notLiveDiagnostic(pos ir.Pos, reason string) diag.Diagnostic {
	return diagnostic(diag.CodeNotLive, diag.Error, pos, "this pipeline cannot be kept live: "+reason,
		"give the stream a body, `{ return … }`, which is run again when the data that it reads changes")
}

func report(q *ir.Query, err error) diag.List {
	var n *notLive
	if errors.As(err, &n) {
		return diag.List{notLiveDiagnostic(n.pos, n.msg)}
	}
	var u *unplannable
	if errors.As(err, &u) {
		return diag.List{diagnostic(diag.CodeUnplannable, diag.Error, u.pos, u.msg,
			"compute the value before the pipeline with `let`, or work on the list that the pipeline returns")}
	}
	return diag.List{diagnostic(diag.CodeUnplannable, diag.Error, q.Pos, err.Error())}
}

func diagnostic(code diag.Code, severity diag.Severity, pos ir.Pos, message string, help ...string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: code, Severity: severity, Message: message,
		Primary: diag.Label{File: pos.File, Span: pos.Span},
		Help:    help,
	}
}
