package plan

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/relation"
)

// indexWarnings tells which tables a query looks through row by row although it asks for certain values only.
func indexWarnings(q *ir.Query) diag.List {
	var list diag.List
	for _, r := range q.Rel.Reads {
		if len(r.Cols) == 0 || indexed(r) {
			continue
		}
		table := r.Table.Name
		if q.Pipeline.Table.Rel == r.Table {
			table = q.Pipeline.Table.Row.Name
		}
		list = append(list, diagnostic(diag.CodeMissingIndex, diag.Warning, q.Pos,
			fmt.Sprintf("%s scans %s", q.Name, table),
			fmt.Sprintf("add `index (%s)` to the table", strings.Join(wanted(q, r), ", "))))
	}
	return list
}

// indexed tells whether a key, a unique set or an index starts with a column that the read knows.
func indexed(r relation.Read) bool {
	sets := append([][]int{r.Table.Key}, r.Table.Unique...)
	for _, set := range append(sets, r.Table.Index...) {
		for _, c := range r.Cols {
			if len(set) > 0 && set[0] == c {
				return true
			}
		}
	}
	return false
}

// wanted is the index that would serve: the columns compared, then those sorted by.
func wanted(q *ir.Query, r relation.Read) []string {
	var names []string
	add := func(column int) {
		name := r.Table.Columns[column].Name
		for _, n := range names {
			if n == name {
				return
			}
		}
		names = append(names, name)
	}
	for _, c := range r.Cols {
		add(c)
	}
	if q.Pipeline.Table.Rel != r.Table {
		return names
	}
	for _, s := range q.Pipeline.Stages {
		sort, ok := s.(*ir.SortStage)
		if !ok {
			continue
		}
		for _, k := range sort.Keys {
			if f, ok := k.X.(*ir.FieldOf); ok && f.Field.Column >= 0 {
				add(f.Field.Column)
			}
		}
		break
	}
	return names
}
