package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// Values from clients do not contain the `server` and `secret` fields of their types; these have their defaults. If such a
// field of a table has no default, a row is accepted without it, but the row is not complete: the body may read its other
// fields, and spread it into a row that it writes. All other uses are errors, so that an empty string never passes for a
// password.

// input checks the parameters that clients send and remembers them.
func (b *body) input(vars []*ir.Var, params []*ast.Param) {
	for i, v := range vars {
		if b.inputs == nil {
			b.inputs = map[*ir.Var]bool{}
		}
		b.inputs[v] = true
		if i < len(params) {
			b.c.sendable(b.m, params[i].Type, v.Type, true)
		}
	}
}

// sendable reports a type that clients send if it contains a field that they do not send and that has no default. Rows may
// have such a field where the checker distinguishes parts from whole rows.
func (c *checker) sendable(m *module, at ast.Node, t ir.Type, rows bool) {
	r, f := types.Unset(t, func(r *ir.Record) bool { return !rows || r.Table == nil }, map[ir.Type]bool{})
	if f == nil {
		return
	}
	what := diag.Article("`" + ir.TypeString(r) + "`")
	c.errorf(m, at.Where(), diag.CodeServerField, "a client cannot send %s: only the server sets its field `%s`", what, f.Name).
		also(f.Pos, "marked `%s` here", types.ModifierOf(f)).help("give the field a default, or take the other fields as parameters")
}

// sent reports whether a value comes from a client, or is a part of such a value.
func (b *body) sent(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Local:
		return b.inputs[x.Var]
	case *ir.FieldOf:
		return b.sent(x.X)
	case *ir.Index:
		return b.sent(x.X)
	case *ir.Unwrap:
		return b.sent(x.X)
	case *ir.Wrap:
		return b.sent(x.X)
	case *ir.ListPipe:
		for i := len(x.Stages) - 1; i >= 0; i-- {
			if s := x.Stages[i]; s.Name == "map" {
				return b.sent(s.X)
			}
		}
		return b.sent(x.List)
	}
	return false
}

// notSent reports the reading of a field that clients do not send, in a value from a client: the field has no value.
func (b *body) notSent(at source.Span, of ir.Expr, f *ir.Field) {
	if !b.sent(of) {
		return
	}
	switch {
	case f.Server:
		b.errorf(at, diag.CodeServerField, "only the server sets `%s`, but this value comes from a client", f.Name).
			also(f.Pos, "marked `server` here").
			help("take the value from `ctx` or from the stored row")
	case f.Secret:
		b.errorf(at, diag.CodeServerField, "`%s` is secret, but this value comes from a client", f.Name).also(f.Pos, "marked `secret` here").
			help("take the value from the stored row, or from a separate parameter")
	}
}

// part checks an expression of which only parts are used: a field, an element, or whether it is null.
func (b *body) part(x ast.Expr, hint ir.Type) ir.Expr {
	b.parts = true
	defer func() { b.parts = false }()
	return b.infer(x, hint)
}

// whole reports a value from a client that is used as a whole although a field is missing.
func (b *body) whole(x ir.Expr) {
	if !b.sent(x) {
		return
	}
	r, f := types.Unset(x.Type(), func(r *ir.Record) bool { return r.Table != nil }, map[ir.Type]bool{})
	if f == nil {
		return
	}
	at := x.Where().Span
	b.errorf(at, diag.CodeServerField, "this comes from a client, so it is not a complete `%s`: it has no `%s`", r.Name, f.Name).
		also(f.Pos, "marked `%s` here", types.ModifierOf(f)).
		help("use its other fields one by one, or make a complete row: `%s { ...row, %s: … }`", r.Name, f.Name)
}

// comparisonOperand checks an operand of a comparison. In a comparison with null, only the presence of the value is used.
func (b *body) comparisonOperand(x, other ast.Expr) ir.Expr {
	if _, null := other.(*ast.NullLit); null {
		return b.part(x, nil)
	}
	return b.infer(x, nil)
}
