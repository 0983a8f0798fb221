package check

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// middleware checks what runs around every call and subscription: next() stands in it once.
func (c *checker) middleware(m *module, d *ast.Middleware) {
	m.pending(&d.Name, "middleware", d.Name.Name)
	b := c.body(m, "middleware", m.Name+"/"+d.Name.Name)
	b.next, b.result = true, voidT
	b.block(d.Body)
	c.unusedLocals(b)
	if d.Body == nil {
		return
	}
	n := 0
	for _, s := range d.Body.Stmts {
		if x, ok := s.(*ast.ExprStmt); ok {
			if call, is := x.X.(*ast.Call); is {
				if name, plain := call.Fn.(*ast.Name); plain && name.Name == "next" {
					n++
				}
			}
		}
	}
	if n != 1 {
		b.errorf(d.Name.Span, diag.CodeStatement, "middleware `%s` calls `next()` %s", d.Name.Name, map[bool]string{true: "never", false: "more than once"}[n == 0]).help("call it once, where the call itself is to run")
	}
}
