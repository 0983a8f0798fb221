package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) signal(d *ast.Signal) doc {
	return p.shape(header{word: "signal", name: d.Name.Name, params: d.Params, parens: true})
}
