// Package plan is the pass that lowers the pipelines of a checked program to relational plans with their SQL, and the tables to their stored form. It fills the fields
// that the checker left for it: ir.Table.Rel, ir.Query.Rel and ir.Query.Args.
package plan

import (
	"errors"
	"fmt"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// Dialect is the database that a program is planned for.
type Dialect interface {
	// Table fills in the static statements of a table.
	Table(t *relation.Table)
	// Compile makes the query of a plan, with its SQL.
	Compile(name string, plan relation.Node, params []relation.Column) (*relation.Query, error)
	// Liveness says, for people, why a plan cannot be kept up to date exactly; nil if it can.
	Liveness(plan relation.Node) error
}

// Program plans the tables and queries of p for a database. It reports what cannot be planned, or cannot be kept live, and where an index is missing.
func Program(p *ir.Program, d Dialect) diag.List {
	var list diag.List
	x := &indexes{tables: map[*relation.Table]*ir.Table{}, fixed: map[string]bool{}}
	for _, m := range p.Modules {
		for _, t := range m.Tables {
			if t.Rel == nil {
				t.Rel = table(m.Name, t)
			}
			d.Table(t.Rel)
			x.tables[t.Rel] = t
		}
	}
	for _, q := range p.Queries {
		list = append(list, query(q, d, x)...)
	}
	return list
}

// query plans one query.
func query(q *ir.Query, d Dialect, x *indexes) diag.List {
	l := &lowerer{query: q, known: map[ir.Path]int{}}
	root, err := l.pipeline(q.Pipeline, !isValue(q.Pipeline))
	if err != nil {
		return report(q, err)
	}
	rel, err := d.Compile(q.Name, root.node, l.params)
	if err != nil {
		return report(q, err)
	}
	q.Rel, q.Args = rel, l.args
	if q.Live {
		if err := d.Liveness(root.node); err != nil {
			return diag.List{notLiveDiagnostic(q.Pos, err.Error())}
		}
	}
	return x.warnings(q)
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
