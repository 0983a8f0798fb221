package queryplan

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// kept describes how a live query is kept up to date: what is held for each subscription and, for each table that it reads, how a write
// finds the subscriptions that it changes, and what that costs.
func (p *printer) kept(q *relation.Query) []string {
	c := chain.Of(q.Plan)
	lines := []string{p.held(c)}
	for _, r := range c.Reads {
		lines = append(lines, "a write to "+p.table(r.Table)+": "+p.finds(c, r))
		if what := p.costs(c, r); what != "" {
			lines = append(lines, "  "+what)
		}
	}
	return lines
}

// held describes what subscriptions with the same parameters share.
func (p *printer) held(c *chain.Chain) string {
	switch c.Mode {
	case chain.Rows:
		switch {
		case c.First:
			return "kept: the first row"
		case c.Page:
			return fmt.Sprintf("kept: a window of the loaded pages, %d rows each", c.Limit)
		case c.Limit > 0:
			return fmt.Sprintf("kept: a window of %d rows", c.Limit)
		}
		return "kept: all rows, because there is no limit"
	case chain.Groups:
		return "kept: the aggregates of each group"
	case chain.Value:
		return "kept: one value"
	}
	return "kept: the last result; the query runs again after each write that may change it, because " + c.Reason
}

// finds describes how a write to a table finds subscriptions.
func (p *printer) finds(c *chain.Chain, r chain.Read) string {
	if r.Dep >= 0 {
		if d := c.Deps[r.Dep]; !d.Member && len(d.Cols) > 0 {
			return fmt.Sprintf("one lookup of %s finds the windows that show the row", columnNames(d.Table, d.Cols))
		}
	}
	if len(r.Cols) == 0 && r.Range != nil {
		return fmt.Sprintf("a walk through the subscriptions in the order of %s finds those whose range has %s",
			p.bounds(r.Range), columnNames(r.Table, []int{r.Range.Col}))
	}
	if len(r.Cols) == 0 {
		return "every subscription is checked, because the query does not compare a field with a parameter by ==, <, <=, > or >="
	}
	var params []string
	for _, i := range r.Params {
		params = append(params, p.param(i))
	}
	found := fmt.Sprintf("one lookup of %s finds the subscriptions with the same %s", columnNames(r.Table, r.Cols), strings.Join(params, ", "))
	if r.Range != nil {
		found += fmt.Sprintf(", and a walk through them in the order of %s those whose range has %s",
			p.bounds(r.Range), columnNames(r.Table, []int{r.Range.Col}))
	}
	return found
}

// bounds names the parameter by which the subscriptions of a range are in order.
func (p *printer) bounds(in *chain.Range) string {
	if in.Lower != nil {
		return p.param(in.Lower.Param)
	}
	return p.param(in.Upper.Param)
}

// costs describes what a subscription does after a write that changes it.
func (p *printer) costs(c *chain.Chain, r chain.Read) string {
	switch {
	case c.Mode == chain.Requery || r.Dep == chain.Whole:
		return "for each of them, the query runs again"
	case r.Dep >= 0 && !c.Deps[r.Dep].Member:
		return "for each of them, the rows that show it are read again"
	case r.Dep >= 0:
		return "for each of them, the rows that depend on it are read again: they may enter, leave or move"
	case c.Mode == chain.Value || c.Mode == chain.Groups:
		return "for each of them, the aggregate is updated; a minimum or maximum that leaves is read again"
	}
	work := "for each of them, a binary search finds the place of the row"
	if !c.PureFilter || !c.PureSort || !c.PureRow {
		work = "for each of them, the row is read with its joined rows, and a binary search finds its place"
	}
	if c.Limit > 0 {
		work += "; when a row leaves, the next rows after the last one are read"
	}
	return work
}

func columnNames(t *relation.Table, cols []int) string {
	var names []string
	for _, c := range cols {
		names = append(names, t.Columns[c].Name)
	}
	return strings.Join(names, ", ")
}
