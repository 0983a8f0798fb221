package parser

import "github.com/livec-lang/livec/lang/ast"

// webhookSyntax is `webhook name method "path" clauses { … }`.
type webhookSyntax struct {
	Name    *nameSyntax          `parser:"'webhook' @@?"`
	Method  *nameSyntax          `parser:"@@?"`
	Path    node[*ast.StringLit] `parser:"@@?"`
	Clauses []ast.Clause         `parser:"@@*"`
	Body    node[*ast.Block]     `parser:"@@?"`
}

func (p *parser) webhook() ast.Decl {
	start := p.pos
	s := read[webhookSyntax](p)
	d := &ast.Webhook{Head: p.named(start, s.Name), Method: s.Method.ident(), Path: of(s.Path), Clauses: s.Clauses, Body: of(s.Body)}
	switch {
	case s.Method == nil:
		p.lacks(start, "method", "a method such as `post`")
	case s.Path == nil:
		p.lacks(start, "path", "a path such as `\"/hooks/stripe\"`")
	case s.Body == nil:
		p.lacks(start, "body", "a body in braces")
	}
	return d
}
