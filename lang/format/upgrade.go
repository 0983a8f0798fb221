package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) upgrade(d *ast.Upgrade) doc {
	head := p.shape(header{word: "upgrade", result: d.Result})
	if d.Body != nil {
		return concat(head, text(" "), p.block(d.Body))
	}
	return concat(head, p.assigned(d.Value))
}
