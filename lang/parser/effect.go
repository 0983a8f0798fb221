package parser

import "github.com/livec-lang/livec/lang/ast"

// effectSyntax is `effect name on event clauses { … }`.
type effectSyntax struct {
	Name    *nameSyntax         `parser:"'effect' @@?"`
	On      node[*ast.EventRef] `parser:"( 'on' @@? )?"`
	Clauses []ast.Clause        `parser:"@@*"`
	Body    node[*ast.Block]    `parser:"@@?"`
}

func (p *parser) effect() ast.Decl {
	start := p.pos
	s := read[effectSyntax](p)
	d := &ast.Effect{Head: p.named(start, s.Name), On: of(s.On), Clauses: s.Clauses, Body: of(s.Body)}
	switch {
	case s.Body == nil:
		p.lacks(start, "body", "a body in braces")
	case s.On == nil:
		p.failAt(start, "this `effect` does not say when it runs", "write `on` and an event after the name, such as `on Order.created(order)`")
	}
	return d
}
