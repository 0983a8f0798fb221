// Package queryplan tells people how a query is run and kept live: its plan, its SQL, the indexes that the database takes, how a write finds the subscriptions that it concerns, and what that costs.
package queryplan

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// Explainer asks the database how it would run a statement, one step a line.
type Explainer interface {
	Explain(sql string, params int) ([]string, error)
}

// Text writes what is to be known of a query.
func Text(w io.Writer, q *ir.Query, db Explainer) error {
	out := bufio.NewWriter(w)
	kind := "query"
	if q.Live {
		kind = "live query"
	}
	fmt.Fprintf(out, "%s %s\n", kind, q.Name)
	section := func(name string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(out, "\n%s\n", name)
		for _, l := range lines {
			fmt.Fprintf(out, "  %s\n", l)
		}
	}
	p := &printer{params: q.Rel.Params}
	section("plan", piped(p.stages(q.Rel.Plan)))
	section("sql", statement(q.Rel.SQL, q.Rel.Binds, q.Rel.Params))
	section("the database", explained(db, q.Rel.SQL, len(q.Rel.Binds)))
	if q.Live {
		section("a write", writes(q.Rel))
		if q.Rel.Live != nil {
			for _, s := range q.Rel.Live.Statements {
				lines := statement(s.SQL, s.Binds, q.Rel.Params)
				section("sql of "+s.Role, append(lines, explained(db, s.SQL, strings.Count(s.SQL, "?"))...))
			}
		}
	}
	return out.Flush() // it keeps the first error
}

// piped gives the source and the stages, each on its own line.
func piped(stages []string) []string {
	out := []string{stages[0]}
	for _, s := range stages[1:] {
		out = append(out, "| "+s)
	}
	return out
}

// statement is SQL with what is bound to its placeholders.
func statement(sql string, binds []int, params []relation.Column) []string {
	lines := strings.Split(strings.TrimSpace(sql), "\n")
	var names []string
	for i, b := range binds {
		if b >= 0 && b < len(params) {
			names = append(names, fmt.Sprintf("?%d = %s", i+1, params[b].Name))
		}
	}
	if len(names) > 0 {
		lines = append(lines, "with "+strings.Join(names, ", "))
	}
	return lines
}

func explained(db Explainer, sql string, params int) []string {
	lines, err := db.Explain(sql, params)
	if err != nil {
		return []string{"cannot tell: " + err.Error()}
	}
	return lines
}

// writes tells what a write to each table that the query looks at costs.
func writes(q *relation.Query) []string {
	var out []string
	for _, r := range q.Reads {
		if len(r.Cols) == 0 {
			out = append(out, fmt.Sprintf("to %s: each subscription is looked at; nothing ties its rows to one of them", r.Table.Name))
			continue
		}
		var by, params []string
		for i, c := range r.Cols {
			by = append(by, r.Table.Columns[c].Name)
			params = append(params, q.Params[r.Params[i]].Name)
		}
		out = append(out, fmt.Sprintf("to %s: one look-up of (%s) finds the subscriptions with the same (%s); the others cost nothing", r.Table.Name, strings.Join(by, ", "), strings.Join(params, ", ")))
	}
	return append(out, costs(q.Plan)...)
}

// costs tells what each operator does with a row that has changed, from the source on.
func costs(n relation.Node) []string {
	switch n := n.(type) {
	case *relation.Filter:
		return append(costs(n.Input), "filter: the condition for the row before and after")
	case *relation.Sort:
		return costs(n.Input)
	case *relation.Limit:
		return append(costs(n.Input), fmt.Sprintf("limit: a place among %d rows, by halving; when one leaves, the next is read from the database, from the last one on", n.N))
	case *relation.Page:
		return append(costs(n.Input), fmt.Sprintf("page: a place among the pages that are loaded, %d rows each, by halving", n.N))
	case *relation.Join:
		return append(costs(n.Input), fmt.Sprintf("join %s: one row read by its key; a change of that row concerns the rows that show it", n.As))
	case *relation.Map:
		return append(costs(n.Input), "map: the row is made anew")
	case *relation.Group:
		return append(costs(n.Input), "group: the row's group before and after")
	case *relation.Reduce:
		switch n.Agg.Func {
		case relation.Min, relation.Max, relation.First:
			return append(costs(n.Input), aggNames[n.Agg.Func]+": a comparison; when the value leaves, the next is read from the database")
		}
		return append(costs(n.Input), aggNames[n.Agg.Func]+": one step for each row that has changed")
	}
	return nil
}
