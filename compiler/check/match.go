package check

import (
	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// arm is one arm of a match. Everything but its result has been checked.
type arm struct {
	ast    *ast.MatchArm
	values []ir.Expr
	bind   *ir.Var
	facts  flow.Facts
}

// matchArms checks the patterns of a match, and that they cover every value. If an arm matches null, the returned subject is
// not optional.
func (b *body) matchArms(x ast.Node, of ir.Expr, arms []*ast.MatchArm) []arm {
	t := of.Type()
	covered := map[string]bool{}
	rest, broken := false, false
	var out []arm
	for _, a := range arms {
		m := arm{ast: a}
		if a.Body == nil && a.X == nil { // it could not be parsed
			broken, b.broken = true, true
		}
		if rest {
			b.errorf(a.Span, diag.CodeUselessArm, "`_` above already matches everything").help("put `_` last")
		}
		if a.Rest {
			rest = true
			if types.Values(t) != nil && len(covered) == len(types.Values(t)) {
				b.errorf(a.Span, diag.CodeUselessArm, "the arms above already match everything").help("remove it")
			}
			if covered["null"] {
				m.facts = flow.NotNull(of)
			}
			out = append(out, m)
			continue
		}
		null := false
		for _, v := range a.Values {
			key, e := b.pattern(v, of, a, &m)
			if e == nil {
				broken = true
				continue
			}
			if covered[key] {
				b.errorf(v.Where(), diag.CodeUselessArm, "an arm above already matches this").help("remove it")
			}
			covered[key] = true
			m.values = append(m.values, e)
			null = null || key == "null"
		}
		if !null && len(m.values) > 0 && !types.IsBad(t) {
			m.facts = flow.NotNull(of)
		}
		out = append(out, m)
	}
	if rest || broken || types.IsBad(t) { // what could not be parsed may be what is missing
		return out
	}
	all := types.Values(t)
	if all == nil {
		b.errorf(x.Where(), diag.CodeIncompleteMatch, "a match over `%s` needs an arm `_`", ir.TypeString(t)).help("add `_ => …`")
		return out
	}
	var missing []string
	for _, v := range all {
		if !covered[v] {
			missing = append(missing, v)
		}
	}
	if len(missing) > 0 {
		b.errorf(x.Where(), diag.CodeIncompleteMatch, "the match does not cover %s", diag.And(missing)).help("add an arm for each, or `_ => …`")
	}
	return out
}

// pattern checks one pattern: a literal, a record of a union, or null.
func (b *body) pattern(v ast.Expr, of ir.Expr, a *ast.MatchArm, m *arm) (key string, e ir.Expr) {
	t := of.Type()
	if u, ok := types.Elem(t).(*ir.Union); ok {
		if n, is := v.(*ast.Name); is {
			for _, variant := range u.Variants {
				if variant.Record.Name == n.Name {
					b.m.refer(n.Name, n.Span)
					if a.Bind != nil {
						m.bind = &ir.Var{Pos: b.pos(a.Bind), Name: a.Bind.Name, Type: variant.Record}
					}
					return n.Name, &ir.Lit{At: b.at(v, types.String), Value: variant.Value}
				}
			}
			var all []string
			for _, variant := range u.Variants {
				all = append(all, variant.Record.Name)
			}
			b.errorf(v.Where(), diag.CodeTypeMismatch, "`%s` is not one of the records of `%s`", n.Name, u.Name).
				suggest(b.m, v.Where(), n.Name, all).help("its values are %s", diag.And(all))
			return "", nil
		}
	}
	if n, is := v.(*ast.Name); is && types.IsBad(t) && a.Bind != nil {
		b.m.refer(n.Name, n.Span)
		m.bind = &ir.Var{Pos: b.pos(a.Bind), Name: a.Bind.Name, Type: types.Bad}
		return "", nil
	}
	x := b.infer(v, nil)
	if types.IsBad(x.Type()) || types.IsBad(t) {
		return "", nil
	}
	lit, ok := x.(*ir.Lit)
	if !ok {
		b.errorf(v.Where(), diag.CodeTypeMismatch, "a pattern must be a literal").help("use `if` for other conditions")
		return "", nil
	}
	if lit.Value == nil {
		if !types.Nullable(t) {
			b.errorf(v.Where(), diag.CodeUselessArm, "the value is never null").help("remove the arm")
			return "", nil
		}
		return "null", &ir.Lit{At: b.at(v, t)}
	}
	fitted := b.fit(x, types.Widen(types.Elem(t)), "")
	if types.IsBad(fitted.Type()) {
		return "", nil
	}
	if types.Nullable(t) {
		fitted = &ir.Wrap{At: b.at(v, types.Widen(t)), X: fitted}
	}
	switch value := lit.Value.(type) {
	case string:
		return `"` + value + `"`, fitted
	case bool:
		if value {
			return "true", fitted
		}
		return "false", fitted
	}
	return b.m.src.Text[v.Where().Start:v.Where().End], fitted
}

func (b *body) matchExpr(x *ast.MatchExpr, hint ir.Type) ir.Expr {
	of := b.infer(x.X, nil)
	arms := b.matchArms(x, of, x.Arms)
	var values []ir.Expr
	before := b.facts
	for _, a := range arms {
		b.facts = before.With(a.facts)
		b.enter(a)
		values = append(values, b.infer(a.ast.X, hint))
		b.pop()
	}
	b.facts = before
	if len(values) == 0 {
		return b.bad(b.pos(x))
	}
	t, fitted := b.unify(x, hint, values...)
	out := &ir.MatchExpr{At: b.at(x, t), X: of}
	for i, a := range arms {
		out.Arms = append(out.Arms, ir.MatchExprArm{Values: a.values, Bind: a.bind, X: fitted[i]})
	}
	return out
}

func (b *body) enter(a arm) {
	b.push()
	if a.bind != nil {
		b.c.index.Declare(variable(index.Variable, a.bind))
		b.bind(a.bind, a.ast.Bind.Span, false)
	}
}

func (b *body) matchStmt(x *ast.MatchStmt) ir.Stmt {
	of := b.infer(x.X, nil)
	arms := b.matchArms(x, of, x.Arms)
	out := &ir.Match{Pos: b.pos(x), X: of}
	before := b.pathState()
	var after pathState
	for i, a := range arms {
		b.facts, b.alive, b.trail = before.facts.With(a.facts), before.alive, before.trail
		b.enter(a)
		body := b.block(a.ast.Body)
		if a.ast.Body == nil && a.ast.X != nil {
			if st := b.exprStmt(&ast.ExprStmt{At: ast.At{Span: a.ast.X.Where()}, X: a.ast.X}); st != nil {
				body.Stmts = append(body.Stmts, st)
			}
		}
		b.pop()
		out.Arms = append(out.Arms, ir.MatchArm{Values: a.values, Bind: a.bind, Body: body})
		if i > 0 {
			b.join(after, b.pathState())
		}
		after = b.pathState()
	}
	return out
}
