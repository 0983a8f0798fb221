package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) channel(d *ast.Channel) doc {
	head := p.shape(header{word: "channel", name: d.Name.Name, params: d.Params, result: d.Result})
	return p.clauses(head, d.Clauses, false)
}
