package check

import (
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// middleware checks code that runs around every call and subscription. It must call next() exactly once.
func (c *checker) middleware(m *module, d *ast.Middleware) {
	p := m.pending(&d.Name, "middleware", d.Name.Name)
	b := c.body(m, "middleware", m.Name+"/"+d.Name.Name)
	b.next, b.result = true, types.Void
	block := b.block(d.Body)
	p.Body = block
	c.unusedLocals(b)
	if d.Body == nil {
		return
	}
	outer, all := 0, 0
	for _, s := range d.Body.Stmts {
		if isNext(s) {
			outer++
		}
	}
	ir.WalkExprs(block, func(x ir.Expr) bool {
		if call, ok := x.(*ir.Builtin); ok && call.Name == "next" {
			all++
		}
		return true
	})
	switch {
	case all == 0:
		b.errorf(d.Name.Span, diag.CodeStatement, "middleware `%s` never calls `next()`", d.Name.Name).
			help("call it once, at the place where the call itself runs")
	case all > 1:
		b.errorf(d.Name.Span, diag.CodeStatement, "middleware `%s` calls `next()` more than once", d.Name.Name).
			help("call it once, at the place where the call itself runs")
	case outer == 0:
		b.errorf(d.Name.Span, diag.CodeStatement, "middleware `%s` calls `next()` only under a condition", d.Name.Name).
			help("call it outside of `if`, `for` and `match`; to stop a call, use `fail`")
	}
}

func isNext(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.Call)
	if !ok {
		return false
	}
	name, ok := call.Fn.(*ast.Name)
	return ok && name.Name == "next"
}
