package parser

import "github.com/livec-lang/livec/lang/ast"

// middlewareSyntax is `middleware name { … }`.
type middlewareSyntax struct {
	Name *nameSyntax      `parser:"'middleware' @@?"`
	Body node[*ast.Block] `parser:"@@?"`
}

func (p *parser) middleware() ast.Decl {
	start := p.pos
	s := read[middlewareSyntax](p)
	d := &ast.Middleware{Head: p.named(start, s.Name), Body: of(s.Body)}
	if s.Body == nil {
		p.lacks(start, "body", "a body in braces")
	}
	return d
}
