package chain

import (
	"fmt"

	"github.com/livec-lang/livec/relation"
)

// carried is a plan whose rows have further columns after their own. Each step passes them on.
type carried struct {
	node relation.Node
	own  relation.Schema
	more relation.Schema
}

func carry(t *relation.Table) *carried {
	return &carried{node: &relation.Scan{Table: t}, own: t.Columns}
}

// column returns one of the plan's own columns.
func (c *carried) column(i int) relation.Named { return columnAt(i, c.own[i]) }

// further returns a further column by its position among the further columns.
func (c *carried) further(i int) relation.Named { return columnAt(len(c.own)+i, c.more[i]) }

func columnAt(i int, c relation.Column) relation.Named {
	return relation.Named{Column: c, Expr: &relation.Col{Index: i, Kind: c.Kind, Enum: c.Enum}}
}

// columns returns all columns.
func (c *carried) columns() []relation.Named {
	out := make([]relation.Named, 0, len(c.own)+len(c.more))
	for i := range c.own {
		out = append(out, c.column(i))
	}
	for i := range c.more {
		out = append(out, c.further(i))
	}
	return out
}

// add adds further columns, and returns the position of the first one among the further columns.
func (c *carried) add(params []relation.Column, xs ...relation.Expr) (first int) {
	first = len(c.more)
	if len(xs) == 0 {
		return first
	}
	exprs := c.columns()
	row := append(c.own[:len(c.own):len(c.own)], c.more...)
	for _, x := range xs {
		col := relation.Column{Kind: relation.KindOf(x), Nullable: relation.Nullable(x, params, row), Enum: enumOf(x)}
		c.more = append(c.more, col)
		exprs = append(exprs, relation.Named{Column: col, Expr: x})
	}
	c.node = &relation.Map{Input: c.node, Exprs: exprs}
	return first
}

// addKey adds the key of the table. It breaks ties as text, even if one of its columns is an enum.
func (c *carried) addKey(t *relation.Table) {
	exprs := c.columns()
	for _, i := range t.Key {
		k := columnAt(i, t.Columns[i])
		k.Enum = nil
		c.more, exprs = append(c.more, k.Column), append(exprs, k)
	}
	c.node = &relation.Map{Input: c.node, Exprs: exprs}
}

// filter adds a condition.
func (c *carried) filter(cond relation.Expr) { c.node = &relation.Filter{Input: c.node, Cond: cond} }

// step adds a node on top of the plan.
func (c *carried) step(n relation.Node) {
	switch n := n.(type) {
	case *relation.Filter, *relation.Sort, *relation.Limit, *relation.Page:
		c.node = relation.OnInput(n, c.node)
	case *relation.Join:
		own := relation.SchemaOf(relation.OnInput(n, &relation.Scan{Table: &relation.Table{Columns: c.own}}))
		c.node = relation.OnInput(n, c.node)
		if n.Replace < 0 && len(c.more) > 0 { // the record comes after the further columns
			last := len(own) - 1
			record := columnAt(last+len(c.more), own[last])
			exprs := c.columns()
			exprs = append(exprs[:last:last], append([]relation.Named{record}, exprs[last:]...)...)
			c.node = &relation.Map{Input: c.node, Exprs: exprs}
		}
		c.own = own
	case *relation.Map:
		exprs := n.Exprs[:len(n.Exprs):len(n.Exprs)]
		for i := range c.more {
			exprs = append(exprs, c.further(i))
		}
		c.node = &relation.Map{Input: c.node, Exprs: exprs}
		c.own = relation.SchemaOf(n)
	default:
		panic(fmt.Sprintf("a %T carries no columns on", n))
	}
}

// Identified returns a plan whose rows have, after their n own columns, what identifies them: the key of the table, or of the groups.
func Identified(plan relation.Node) (with relation.Node, n int) {
	c := identified(plan)
	return c.node, len(c.own)
}

// identified returns a plan whose further columns identify its rows: the key of the table, or of the groups.
func identified(n relation.Node) *carried {
	switch n := n.(type) {
	case *relation.Scan:
		c := carry(n.Table)
		c.addKey(n.Table)
		return c
	case *relation.Group:
		c := &carried{node: n, own: relation.SchemaOf(n)}
		exprs := c.columns()
		for i := range n.Keys {
			k := c.column(i)
			c.more, exprs = append(c.more, k.Column), append(exprs, k)
		}
		c.node = &relation.Map{Input: n, Exprs: exprs}
		return c
	}
	in := relation.Input(n)
	if in == nil {
		panic(fmt.Sprintf("nothing identifies the rows of a %T", n))
	}
	c := identified(in)
	c.step(n)
	return c
}
