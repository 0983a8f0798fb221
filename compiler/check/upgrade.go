package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// upgradeHead reads the type of ctx.user, which all bodies need.
func (c *checker) upgradeHead(m *module, d *ast.Upgrade) {
	if c.upgradeDecl != nil {
		c.errorf(m, d.Span, diag.CodeTwice, "an app can have only one `upgrade`").
			also(c.upgradeIn.pos(c.upgradeDecl), "the other one is here").help("remove one of the two")
		return
	}
	c.upgradeDecl, c.upgradeIn = d, m
	t := c.typ(m, d.Result, naming{"User"})
	r, ok := types.Elem(t).(*ir.Record)
	if !ok || types.IsBad(t) {
		if !types.IsBad(t) {
			c.errorf(m, d.Result.Where(), diag.CodeTypeMismatch, "a user must be a record").
				help("name the table or type of users: `upgrade -> User?`")
		}
		return
	}
	c.prog.User = r
	c.prog.Upgrade = &ir.Upgrade{Pos: m.pos(d), Module: m.Name, Doc: d.Doc, Result: types.Optional(t)}
	if r.Table == nil && types.FieldOf(r, "id") == nil && types.FieldOf(r, "key") == nil {
		c.errorf(m, d.Result.Where(), diag.CodeTypeMismatch, "`%s` has no field that identifies a user", ir.TypeString(r)).
			help("give it a field `id`: rates, presence and signals need it")
	}
}

// upgrade checks the code that determines the user.
func (c *checker) upgrade(m *module, d *ast.Upgrade) {
	if d != c.upgradeDecl || c.prog.Upgrade == nil {
		return
	}
	u := c.prog.Upgrade
	b := c.body(m, "upgrade", m.Name+"/upgrade")
	b.noUser = true
	b.system = true
	b.result = u.Result
	u.Body = b.valueOrBlock(d.Value, d.Body)
	c.unusedLocals(b)
}
