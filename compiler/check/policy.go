package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
)

// policy checks `read if` or `write if`.
func (c *checker) policy(m *module, t *ir.Table, p *ast.Policy) *ir.Policy {
	if p == nil {
		return nil
	}
	b := c.policyBody(m, t, p.Word)
	row := &ir.Var{Pos: m.pos(p), Name: "row", Type: t.Row}
	b.rows = append(b.rows, &rowScope{row: row, list: p.Word == "write"})
	b.grants = true
	return &ir.Policy{Row: row, Cond: b.expr(p.Cond, types.Bool)}
}

// policyBody returns the body of a policy. Its queries are named after the table and the keyword.
func (c *checker) policyBody(m *module, t *ir.Table, word string) *body {
	b := c.body(m, word+" if", m.Name+"/"+t.Row.Name+"."+word)
	b.policy = true
	return b
}

// asSystem reports whether queries read rows that policies hide from the caller. Policies do, since a policy that applied
// to its own queries would have no end.
func (b *body) asSystem() bool { return b.system || b.policy }

// asks reports whether a write to a row must check the read policy of its table, so that a row the caller may not see counts
// as missing. The check is not needed in system code, for the user's own row, and for rows that the body has written itself:
// it may insert a row for somebody else and continue to use it.
func (b *body) asks(row ir.Expr, t *ir.Table) bool {
	if b.system || row != nil && b.own(row) {
		return false
	}
	t.Asked = true
	return true
}

// own reports whether a row is the user's own row, or one that this body has written. No other call can have changed it
// since.
func (b *body) own(row ir.Expr) bool {
	switch x := row.(type) {
	case *ir.CtxUser, *ir.Insert, *ir.Upsert, *ir.UpdateRow:
		return true
	case *ir.Local:
		return b.owned[x.Var]
	case *ir.Wrap:
		return b.own(x.X)
	case *ir.Unwrap:
		return b.own(x.X)
	}
	return false
}

// askedPolicies makes queries for the read policies that writes check for a single row. As part of a table's query a policy
// has no query of its own; for a row that is written it needs one.
func (c *checker) askedPolicies() {
	for _, m := range c.prog.Modules {
		for _, t := range m.Tables {
			if t.ReadIf == nil || !t.Asked {
				continue
			}
			b := c.policyBody(c.byName[m.Name], t, "read")
			ir.Walk(t.ReadIf.Cond, func(n ir.Node) bool {
				q, ok := n.(*ir.Query)
				if ok {
					q.Name = b.queryName()
					c.prog.Queries = append(c.prog.Queries, q)
				}
				return !ok
			})
		}
	}
}
