package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) test(d *ast.Test) doc {
	return concat(text("test "), p.expr(d.Title), text(" "), p.block(d.Body))
}
