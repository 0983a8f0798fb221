package parser

import "github.com/livec-lang/livec/lang/ast"

// signalSyntax is `signal name(params)`.
type signalSyntax struct {
	Name   *nameSyntax        `parser:"'signal' @@?"`
	Params node[[]*ast.Param] `parser:"@@?"`
}

func (p *parser) signal() ast.Decl {
	start := p.pos
	s := read[signalSyntax](p)
	return &ast.Signal{Head: p.named(start, s.Name), Params: of(s.Params)}
}
