package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) rpc(d *ast.RPC) doc {
	return p.bodied(header{word: "rpc", name: d.Name.Name, params: d.Params, parens: true, result: d.Result, clauses: d.Clauses}, d.Body)
}
