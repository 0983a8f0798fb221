package parser

import "github.com/livec-lang/livec/lang/ast"

// envSyntax is `env { NAME: type = default }`.
type envSyntax struct {
	Vars node[[]*ast.Field] `parser:"'env' @@?"`
}

func (p *parser) env() ast.Decl {
	start := p.pos
	s := read[envSyntax](p)
	d := &ast.Env{Head: p.head(start, nil), Vars: of(s.Vars)}
	if s.Vars == nil {
		p.lacks(start, "body", "its settings in braces")
	}
	return d
}
