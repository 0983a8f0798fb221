package check

import (
	"time"

	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/relation"
)

// access checks who may use an entry point: the guards of the file, then its own clauses. It runs first, since it determines
// what ctx contains in the rest of the entry point.
func (b *body) access(d ast.Decl, clauses []ast.Clause) ir.Access {
	var a ir.Access
	for _, g := range b.m.fileGuards {
		b.guardUses(&a, g.Uses)
	}
	var public *ast.PublicClause
	own := 0
	for _, cl := range clauses {
		switch cl.Word() {
		case "public":
			public = cl.(*ast.PublicClause)
		case "guard":
			own++
			b.guardUses(&a, cl.(*ast.GuardClause).Uses)
		case "access":
			own++
		}
	}
	for _, cl := range clauses {
		if x, ok := cl.(*ast.ValueClause); ok && x.Keyword == "access" {
			allow := b.accessCondition(x.X)
			if a.Allow != nil { // combines the room's with its action's
				allow = &ir.Binary{At: ir.At{Pos: b.m.pos(x), T: types.Bool}, Op: relation.And, L: a.Allow, R: allow}
			}
			a.Allow = allow
			b.facts = b.facts.With(flow.Proves(allow, true))
		}
	}
	if x := valueOf(clauses, "gate"); x != nil {
		a.Gate = b.accessCondition(x.X)
	}
	a.Public = public != nil
	covered := len(b.m.fileGuards) > 0
	switch {
	case public != nil && (own > 0 || covered):
		f := b.errorf(public.Span, diag.CodePublicGuarded, "`public` lets everybody in, but a guard or `access` does not").help("remove `public`")
		f.fix(b.m, public.Span, "remove `public`", "")
		if len(b.m.fileGuards) > 0 {
			f.also(b.m.pos(b.m.fileGuards[0]), "this guard covers the whole file")
		}
	case public == nil && own == 0 && !covered:
		n := d.Named()
		at := source.Span{}
		name := ""
		if n != nil {
			at, name = n.Span, n.Name
		}
		b.errorf(at, diag.CodeUncovered, "%s `%s` has no guard, access or public", d.Keyword(), name).
			help("say who may use it: `guard signedIn`, `access …`, or `public` for everybody")
	}
	a.Text = b.accessText(clauses)
	return a
}

// accessText returns the clauses as written, for people.
func (b *body) accessText(clauses []ast.Clause) string {
	text := ""
	add := func(s source.Span) {
		if text != "" {
			text += " "
		}
		text += b.m.src.Text[s.Start:s.End]
	}
	for _, g := range b.m.fileGuards {
		add(g.Span)
	}
	for _, cl := range clauses {
		switch cl.Word() {
		case "public", "guard", "access", "gate":
			add(cl.Where())
		}
	}
	return text
}

// accessCondition checks a condition that grants access.
func (b *body) accessCondition(x ast.Expr) ir.Expr {
	b.grants = true
	defer func() { b.grants = false }()
	return b.expr(x, types.Bool)
}

// rates checks the rate clauses.
func (b *body) rates(clauses []ast.Clause) []ir.Rate {
	var out []ir.Rate
	for _, cl := range clauses {
		r, ok := cl.(*ast.RateClause)
		if !ok {
			continue
		}
		rate := ir.Rate{Pos: b.m.pos(r), Limit: b.number(r.Limit, "a rate"), Per: b.duration(r.Per, "a rate")}
		switch {
		case r.Key != nil:
			rate.By, rate.Key = ir.ByExpr, b.text(r.Key)
		case r.By.Name == "ip":
			rate.By = ir.ByIP
		default:
			rate.By = ir.ByUser
			if r.By.Name != "user" && r.By.Name != "" {
				b.errorf(r.By.Span, diag.CodeClause, "a rate cannot count by `%s`", r.By.Name).help("count `by user`, `by ip` or `by (expression)`")
			}
		}
		out = append(out, rate)
	}
	return out
}

// number reads a positive integer literal.
func (b *body) number(x ast.Expr, what string) int64 {
	switch x := x.(type) {
	case nil, *ast.BadExpr:
		return 1
	case *ast.IntLit:
		if x.Value > 0 {
			return x.Value
		}
	}
	b.errorf(x.Where(), diag.CodeClause, "%s needs a positive whole number here", what).help("write it as a literal, such as `5`")
	return 1
}

// duration reads a duration literal.
func (b *body) duration(x ast.Expr, what string) time.Duration {
	switch x := x.(type) {
	case nil, *ast.BadExpr:
		return time.Second
	case *ast.DurationLit:
		if x.Value > 0 {
			return time.Duration(x.Value) * time.Millisecond
		}
	}
	if _, ok := x.(*ast.DurationLit); ok {
		b.errorf(x.Where(), diag.CodeClause, "%s needs a duration above zero", what).help("remove it, or write a duration such as `10s`")
		return time.Second
	}
	b.errorf(x.Where(), diag.CodeClause, "%s needs a duration here", what).help("write it as a literal, such as `10s`")
	return time.Second
}

// once reports clauses that are repeated and clauses that the declaration does not allow.
func (b *body) once(clauses []ast.Clause, keyword string, allowed ...string) {
	seen := map[string]ast.Clause{}
	for _, cl := range clauses {
		word := cl.Word()
		if on, ok := cl.(*ast.OnClause); ok {
			word += " " + on.Event.Name
		}
		fits := false
		for _, a := range allowed {
			fits = fits || a == word
		}
		if !fits {
			b.c.clauseError(b.m, cl, keyword)
			continue
		}
		if first := seen[word]; first != nil && word != "guard" && word != "rate" {
			b.errorf(cl.Where(), diag.CodeDuplicateClause, "`%s` appears twice", word).
				also(b.m.pos(first), "first here").help("remove one of the two")
		}
		seen[word] = cl
	}
}

func (c *checker) clauseError(m *module, cl ast.Clause, keyword string) {
	c.errorf(m, cl.Where(), diag.CodeClause, "%s cannot have the clause `%s`", diag.Article(keyword), cl.Word()).
		help("for the clauses of each declaration, run `livec explain %s`", diag.CodeClause)
}
