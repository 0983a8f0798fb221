package parser

import "github.com/livec-lang/livec/lang/ast"

// streamSyntax is `stream name(params) -> type clauses = pipeline` or `… { … }`.
type streamSyntax struct {
	Name    *nameSyntax        `parser:"'stream' @@?"`
	Params  node[[]*ast.Param] `parser:"@@?"`
	Result  ast.Type           `parser:"( '->' @@ )?"`
	Clauses []ast.Clause       `parser:"@@*"`
	Query   node[ast.Expr]     `parser:"( @@"`
	Body    node[*ast.Block]   `parser:"| @@ )?"`
}

func (p *parser) stream() ast.Decl {
	start := p.pos
	s := read[streamSyntax](p)
	d := &ast.Stream{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Clauses: s.Clauses, Query: of(s.Query),
		Body: of(s.Body)}
	if s.Query == nil && s.Body == nil {
		p.lacks(start, "value", "`= pipeline` or a body in braces")
	}
	return d
}
