package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) fn(d *ast.Fn) doc {
	head := p.shape(header{word: "fn", name: d.Name.Name, params: d.Params, parens: true, result: d.Result})
	if d.Body != nil {
		return concat(head, text(" "), p.block(d.Body))
	}
	switch d.Value.(type) {
	case *ast.Pipeline, *ast.RecordLit, *ast.ListLit, *ast.MatchExpr:
		return concat(head, p.assigned(d.Value))
	}
	return concat(head, text(" ="), groupIf(p.brokeBefore(d.Value.Where().Start), nest(line, p.expr(d.Value))))
}

func (p *printer) extern(d *ast.Extern) doc {
	head := p.shape(header{word: "extern fn", name: d.Name.Name, params: d.Params, parens: true, result: d.Result})
	end := nothing
	if d.Retryable {
		end = text(" retryable")
	}
	return concat(head, text(" from "), p.expr(d.Package), end)
}
