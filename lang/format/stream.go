package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) stream(d *ast.Stream) doc {
	h := header{word: "stream", name: d.Name.Name, params: d.Params, result: d.Result, clauses: d.Clauses}
	if d.Body != nil {
		return p.bodied(h, d.Body)
	}
	return concat(p.clauses(p.shape(h), d.Clauses, false), p.assigned(d.Query))
}
