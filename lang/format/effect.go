package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) effect(d *ast.Effect) doc {
	head := text("effect ", d.Name.Name, " on ", eventRef(d.On))
	return concat(p.clauses(head, d.Clauses, true), p.block(d.Body))
}
