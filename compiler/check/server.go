package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// What clients send has neither the `server` nor the `secret` fields of its types. Their defaults take their place. A row of a table with
// such a field that has no default is taken all the same, but it is
// not whole: its other fields can be read, and spread into a row that is written. All other uses are refused, so that no empty text
// passes for a password.

// input checks what clients send and remembers it.
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

// sendable refuses a type that clients send if a record in it has a field that no client gives, and that nothing else gives a value. Rows
// may have one where parts and wholes are checked apart.
func (c *checker) sendable(m *module, at ast.Node, t ir.Type, rows bool) {
	r, f := types.Unset(t, func(r *ir.Record) bool { return !rows || r.Table == nil }, map[ir.Type]bool{})
	if f == nil {
		return
	}
	what := diag.Article("`" + ir.TypeString(r) + "`")
	c.errorf(m, at.Where(), diag.CodeServerField, "a client cannot send %s: only the server sets its field `%s`", what, f.Name).
		also(f.Pos, "marked `%s` here", types.ModifierOf(f)).help("give the field a default, or take the other fields as parameters")
}

// sent tells whether a value is one that a client has sent, or a part of it.
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

// notSent refuses to read a field of what a client has sent that no client gives: there is none.
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

// part checks an expression of which only parts are used: a field, an element, whether it is null.
func (b *body) part(x ast.Expr, hint ir.Type) ir.Expr {
	b.parts = true
	defer func() { b.parts = false }()
	return b.infer(x, hint)
}

// whole refuses a value that a client has sent where all of it is used, and a field is missing.
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

// beside checks an operand of a comparison. Beside null, only whether it is there counts.
func (b *body) beside(x, other ast.Expr) ir.Expr {
	if _, null := other.(*ast.NullLit); null {
		return b.part(x, nil)
	}
	return b.infer(x, nil)
}
