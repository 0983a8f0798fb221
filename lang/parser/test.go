package parser

import "github.com/livec-lang/livec/lang/ast"

// testSyntax is `test "title" { … }`.
type testSyntax struct {
	Title node[*ast.StringLit] `parser:"'test' @@?"`
	Body  node[*ast.Block]     `parser:"@@?"`
}

func (p *parser) test() ast.Decl {
	start := p.pos
	p.inTest = true
	s := read[testSyntax](p)
	d := &ast.Test{Head: p.head(start, nil), Title: of(s.Title), Body: of(s.Body)}
	switch {
	case s.Title == nil:
		p.lacks(start, "title", "a title in double quotes")
	case s.Body == nil:
		p.lacks(start, "body", "a body in braces")
	}
	return d
}
