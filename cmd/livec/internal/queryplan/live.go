package queryplan

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
)

// kept tells how a live query is kept right: what is held for each subscription, and for each table that it looks at how a write finds the
// subscriptions that it concerns and what it costs them.
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

// held tells what subscriptions with the same parameters share.
func (p *printer) held(c *chain.Chain) string {
	switch c.Mode {
	case chain.Rows:
		switch {
		case c.First:
			return "held: the first row"
		case c.Page:
			return fmt.Sprintf("held: a window of the pages that are loaded, %d rows each", c.Limit)
		case c.Limit > 0:
			return fmt.Sprintf("held: a window of %d rows", c.Limit)
		}
		return "held: all rows, since there is no limit"
	case chain.Groups:
		return "held: the aggregates of each group"
	case chain.Value:
		return "held: one value"
	}
	return "held: the last result; the query is run again after a write that concerns it, since " + c.Reason
}

// finds tells how a write to a table finds subscriptions.
func (p *printer) finds(c *chain.Chain, r chain.Read) string {
	if r.Dep >= 0 {
		if d := c.Deps[r.Dep]; !d.Member && len(d.Cols) > 0 {
			return fmt.Sprintf("one look-up of %s finds the windows that show the row", columnNames(d.Table, d.Cols))
		}
	}
	if len(r.Cols) == 0 {
		return "every subscription is looked at, since no field has to equal a value of theirs"
	}
	var params []string
	for _, i := range r.Params {
		params = append(params, p.param(i))
	}
	return fmt.Sprintf("one look-up of %s finds the subscriptions with the same %s", columnNames(r.Table, r.Cols), strings.Join(params, ", "))
}

// costs tells what a subscription does about a write that concerns it.
func (p *printer) costs(c *chain.Chain, r chain.Read) string {
	switch {
	case c.Mode == chain.Requery || r.Dep == chain.Whole:
		return "there, the query is run again"
	case r.Dep >= 0 && !c.Deps[r.Dep].Member:
		return "there, the rows that show it are read again"
	case r.Dep >= 0:
		return "there, the rows that hang on it are read again: they may come, go or move"
	case c.Mode == chain.Value || c.Mode == chain.Groups:
		return "there, the aggregate takes one step; a least or greatest value that leaves is read again"
	}
	work := "there, the row is placed by halving"
	if !c.PureFilter || !c.PureSort || !c.PureRow {
		work = "there, the row is read with what it looks up, and placed by halving"
	}
	if c.Limit > 0 {
		work += "; when a row leaves, the next are read from the last one on"
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
