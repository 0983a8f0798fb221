package plan

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/stdlib"
)

// indexes finds tables that queries scan row by row although they look for certain values only.
type indexes struct {
	tables map[*relation.Table]*ir.Table
	fixed  map[string]bool // indexes that another diagnostic already offers to add
}

func (x *indexes) warnings(q *ir.Query, made *Query) diag.List {
	var list diag.List
	for _, r := range lookups(made.Plan) {
		t := x.tables[r.table]
		if len(r.cols) == 0 || indexed(r) || t == nil {
			continue
		}
		index := "index (" + strings.Join(x.wanted(q, r), ", ") + ")"
		d := diagnostic(diag.CodeMissingIndex, diag.Warning, q.Pos, fmt.Sprintf("%s reads every row of %s", shortName(q.Name), t.Row.Name),
			"add `"+index+"` to the table")
		d.Secondary = []diag.Label{{File: t.Pos.File, Span: t.Pos.Span, Text: "the table"}}
		if key := r.table.Name + index; !x.fixed[key] { // offered once, however many queries need it
			x.fixed[key] = true
			d.Fix = addIndex(t, index)
		}
		list = append(list, d)
	}
	return list
}

// shortName returns the stream or rpc that contains a query, without its module and number.
func shortName(name string) string {
	name, _, _ = strings.Cut(name, "#")
	return name[strings.LastIndexByte(name, '/')+1:]
}

// addIndex inserts an index before the closing brace of a table.
func addIndex(t *ir.Table, index string) *diag.Fix {
	file, from := t.Pos.File, t.Pos.Span.End
	if file == nil || stdlib.Owns(file.Module) {
		return nil
	}
	depth := 0
	for _, k := range token.Scan(file.Text[from:]).Tokens {
		switch k.Kind {
		case token.LBrace:
			depth++
		case token.RBrace:
			if depth--; depth == 0 {
				at := from + k.Span.Start
				text := " " + index + " "
				if line := strings.LastIndexByte(file.Text[:at], '\n') + 1; strings.TrimSpace(file.Text[line:at]) == "" {
					text = "  " + index + "\n"
				}
				return &diag.Fix{Title: "add `" + index + "`", Edits: []diag.Edit{{File: file, Span: source.Span{Start: at, End: at}, Text: text}}}
			}
		}
	}
	return nil
}

// indexed reports whether a key, a unique set or an index starts with a column that the query compares.
func indexed(r lookup) bool {
	sets := append([][]int{r.table.Key}, r.table.Unique...)
	for _, set := range append(sets, r.table.Index...) {
		for _, c := range r.cols {
			if len(set) > 0 && set[0] == c {
				return true
			}
		}
	}
	return false
}

// wanted returns the columns of an index that the query could use: those it compares, then those it sorts by.
func (x *indexes) wanted(q *ir.Query, r lookup) []string {
	var names []string
	add := func(column int) {
		name := r.table.Columns[column].Name
		for _, n := range names {
			if n == name {
				return
			}
		}
		names = append(names, name)
	}
	for _, c := range r.cols {
		add(c)
	}
	if q.Pipeline.Table != x.tables[r.table] {
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
