// Package plan is the pass that lowers the pipelines of a checked program to relational plans, and the tables to their stored form. It
// fills the fields that the checker left for it: ir.Table.Rel, ir.Query.Rel and ir.Query.Args.
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

// Program plans the tables and queries of p. It reports what has no plan, or no SQL in one of the flavours, and where an index is
// missing.
func Program(p *ir.Program, flavours ...*sql.Flavour) diag.List {
	var list diag.List
	x := &indexes{tables: map[*relation.Table]*ir.Table{}, fixed: map[string]bool{}}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			if t.Rel == nil {
				t.Rel = table(m.Name, t)
			}
			x.tables[t.Rel] = t
		}
	}
	for _, q := range p.Queries {
		list = append(list, query(q, flavours, x)...)
	}
	return list
}

// query plans one query.
func query(q *ir.Query, flavours []*sql.Flavour, x *indexes) diag.List {
	l := &lowerer{query: q, known: map[ir.Path]int{}}
	root, err := l.pipeline(q.Pipeline, !isValue(q.Pipeline))
	if err != nil {
		return report(q, err)
	}
	made := chain.NewQuery
	if q.Live {
		made = chain.NewLiveQuery
	}
	rel := made(q.Name, root.node, l.params...)
	for _, f := range flavours {
		if err := spelt(f, rel); err != nil {
			return report(q, err)
		}
	}
	q.Rel, q.Args = rel, l.args
	return x.warnings(q)
}

// spelt makes the SQL that stores make of a query when they open, to see that there is one.
func spelt(f *sql.Flavour, q *relation.Query) error {
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

// isValue tells whether a pipeline ends in one value or at most one row, so that the order of its rows has no meaning of its own.
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

// unplannable is why a part of a pipeline has no relational form.
type unplannable struct {
	pos ir.Pos
	msg string
}

func (e *unplannable) Error() string { return e.msg }

func unplannablef(pos ir.Pos, format string, args ...any) error {
	return &unplannable{pos, fmt.Sprintf(format, args...)}
}

// notLive is why a pipeline cannot be kept up to date.
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
