package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) env(d *ast.Env) doc {
	open := d.Span.Start + int32(len("env"))
	for p.src[open] != '{' {
		open++
	}
	return concat(text("env "), p.fields(d.Vars, open, d.Span.End-1, "  "))
}
