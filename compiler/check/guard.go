package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// guardState is what the checker knows of a guard besides its node.
type guardState struct {
	state state
	decl  *ast.Guard
	in    *module
	facts flow.Facts // what holds of ctx after it

	broken bool // it has a mistake: what it would prove and add is unknown
}

func (c *checker) guardHead(m *module, d *ast.Guard) {
	g := &ir.Guard{Pos: m.namePos(d), Module: m.Name, Name: d.Name.Name, Doc: d.Doc}
	c.guards[d] = g
	c.guardState[d] = &guardState{decl: d, in: m}
	g.Params = c.innerParams(m, d.Params, d.Name.Name)
	if r, ok := d.Result.(*ast.RecordType); ok {
		rec := &ir.Record{Pos: m.pos(r), Module: m.Name, Name: c.shape(m, d.Name.Name+"Context"), Anonymous: true}
		m.ir.Shapes = append(m.ir.Shapes, rec)
		c.fields(m, rec, r.Fields)
		g.Adds = rec
		for i, f := range rec.Fields {
			if slices.Contains(ctxNames, f.Name) {
				c.errorf(m, r.Fields[i].Name.Span, diag.CodeReservedName, "`ctx.%s` is reserved by the language", f.Name).
					help("give the field another name")
			}
		}
	} else if d.Result != nil {
		if _, broken := d.Result.(*ast.BadType); !broken {
			c.errorf(m, d.Result.Where(), diag.CodeTypeMismatch, "a guard returns a record, whose fields become fields of `ctx`").
				help("write `-> { name: type }`")
		}
	}
	m.ir.Guards = append(m.ir.Guards, g)
}

// ctxNames are the fields of ctx that the language defines.
var ctxNames = []string{"user", "ip", "path", "cursor"}

// guardBody checks a guard. It first checks the guards that it builds on.
func (c *checker) guardBody(d *ast.Guard) *guardState {
	s := c.guardState[d]
	if s.state != untouched {
		return s
	}
	s.state = underway
	m, g := s.in, c.guards[d]
	b := c.body(m, "guard", m.Name+"/"+d.Name.Name)
	b.declareParams(g.Params, d.Params)
	for _, cl := range d.Clauses {
		switch cl := cl.(type) {
		case *ast.GuardClause:
			b.guardUses(&g.Access, cl.Uses)
		default:
			c.clauseError(m, cl, "guard")
		}
	}
	b.guard = true
	b.result = types.Void
	if g.Adds != nil {
		b.result = g.Adds
	}
	before := len(c.list)
	g.Body = b.block(d.Body)
	s.broken = b.trusts || b.broken || slices.ContainsFunc(c.list[before:], func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
	b.c.unusedLocals(b)
	switch {
	case d.Body == nil:
	case !b.exited: // a body without a return
		s.facts = b.facts
	case b.alive:
		s.facts = flow.Meet(b.exits, b.facts)
	default:
		s.facts = b.exits
	}
	if b.alive && g.Adds != nil {
		b.noReturn(d.Body, g.Adds)
	}
	s.facts = flow.CtxOnly(s.facts)
	s.state = done
	return s
}

// fileGuard checks the guards of a file where they are written, so that mistakes are reported even if the file has no entry
// point.
func (c *checker) fileGuard(m *module, d *ast.FileGuard) {
	var access ir.Access
	c.body(m, "guard", "").guardUses(&access, d.Uses)
}

// guardUses adds guards to an access, each after those it builds on. It also adopts the fields of ctx that they add and what
// they prove of them.
func (b *body) guardUses(access *ir.Access, uses []*ast.GuardUse) {
	for _, u := range uses {
		if u.Name.Name == "" {
			continue
		}
		sym := b.m.refer(u.Name.Name, u.Name.Span)
		var d *ast.Guard
		if sym != nil {
			d, _ = sym.Decl.(*ast.Guard)
		}
		if d == nil {
			b.unknownGuard(u, sym.Known())
			b.trusts = true
			for _, a := range u.Args {
				b.expr(a, nil)
			}
			continue
		}
		if b.c.guardState[d].state == underway {
			b.errorf(u.Span, diag.CodeGuardCycle, "guard `%s` depends on itself", u.Name.Name).help("remove one of the guards in the cycle")
			continue
		}
		s := b.c.guardBody(d)
		g := b.c.guards[d]
		args := b.args(u, u.Args, g.Params, "guard `"+u.Name.Name+"`")
		if args == nil && len(g.Params) > 0 {
			b.trusts = true
			continue
		}
		b.takeGuard(access, g, args)
		b.facts = b.facts.With(s.facts)
		b.trusts = b.trusts || s.broken
	}
}

// takeGuard adds one guard with its arguments after those it builds on.
func (b *body) takeGuard(access *ir.Access, g *ir.Guard, args []ir.Expr) {
	subst := map[*ir.Var]ir.Expr{}
	for i, p := range g.Params {
		if i < len(args) {
			subst[p] = args[i]
		}
	}
	for _, on := range g.Access.Guards {
		inner := make([]ir.Expr, len(on.Args))
		for i, a := range on.Args {
			inner[i] = b.substitute(a, subst)
		}
		b.takeGuard(access, on.Guard, inner)
	}
	for _, have := range access.Guards {
		if have.Guard == g && slices.EqualFunc(have.Args, args, sameExpr) {
			return
		}
	}
	access.Guards = append(access.Guards, ir.GuardUse{Guard: g, Args: args})
	if g.Adds != nil {
		for _, f := range g.Adds.Fields {
			b.added[f.Name] = added{g, f}
		}
	}
}

// substitute replaces variables by expressions. A query in x is copied.
func (b *body) substitute(x ir.Expr, with map[*ir.Var]ir.Expr) ir.Expr {
	out := ir.Rewrite(x, func(x ir.Expr) (ir.Expr, bool) {
		l, ok := x.(*ir.Local)
		if !ok {
			return nil, false
		}
		v, ok := with[l.Var]
		return v, ok
	})
	ir.WalkExprs(out, func(x ir.Expr) bool {
		if q, ok := x.(*ir.QueryExpr); ok && q.Query.Name != "" {
			q.Query.Name = b.queryName()
			b.c.prog.Queries = append(b.c.prog.Queries, q.Query)
		}
		return true
	})
	return out
}

// sameExpr reports whether two arguments certainly have the same value.
func sameExpr(a, b ir.Expr) bool {
	if p, ok := ir.PathOf(a); ok {
		q, is := ir.PathOf(b)
		return is && p == q
	}
	l, ok := a.(*ir.Lit)
	r, is := b.(*ir.Lit)
	return ok && is && l.Value == r.Value
}

func (b *body) unknownGuard(u *ast.GuardUse, other bool) {
	if other {
		b.errorf(u.Name.Span, diag.CodeWrongKind, "`%s` is not a guard", u.Name.Name).help("for a function that returns a bool, use `access`")
		return
	}
	if s := b.m.Module.Lookup(u.Name.Name); s != nil { // its declaration is broken, or it is imported from a module that does not exist
		return
	}
	f := b.errorf(u.Name.Span, diag.CodeUnknownName, "there is no guard `%s`", u.Name.Name).
		meant(b.m, u.Name.Span, u.Name.Name, b.m.declared("guard"))
	if f.d().Fix == nil {
		f.help("declare it: `guard %s { require … else CODE }`", u.Name.Name)
	}
}
