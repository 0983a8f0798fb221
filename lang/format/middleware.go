package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) middleware(d *ast.Middleware) doc {
	return concat(text("middleware ", d.Name.Name, " "), p.block(d.Body))
}
