package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) guard(d *ast.Guard) doc {
	return p.bodied(header{word: "guard", name: d.Name.Name, params: d.Params, result: d.Result, clauses: d.Clauses}, d.Body)
}

func (p *printer) fileGuard(d *ast.FileGuard) doc {
	return concat(text("guard "), p.guardUses(d.Uses))
}
