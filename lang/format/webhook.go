package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) webhook(d *ast.Webhook) doc {
	head := concat(text("webhook ", d.Name.Name, " ", d.Method.Name, " "), p.expr(d.Path))
	return concat(p.clauses(head, d.Clauses, true), p.block(d.Body))
}
