package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// guardSyntax is `guard name(params) -> type clauses { … }`.
type guardSyntax struct {
	Name    *nameSyntax        `parser:"'guard' @@?"`
	Params  node[[]*ast.Param] `parser:"@@?"`
	Result  ast.Type           `parser:"( '->' @@ )?"`
	Clauses []ast.Clause       `parser:"@@*"`
	Body    node[*ast.Block]   `parser:"@@?"`
}

// fileGuardSyntax is a line `guard a, b(x)`.
type fileGuardSyntax struct {
	Uses node[[]*ast.GuardUse] `parser:"'guard' @@?"`
}

func (p *parser) guard() ast.Decl {
	start := p.pos
	if !p.hasBody() {
		return p.fileGuard(start)
	}
	s := read[guardSyntax](p)
	d := &ast.Guard{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Clauses: s.Clauses, Body: of(s.Body)}
	if s.Body == nil {
		p.lacks(start, "body", "a body in braces")
	}
	return d
}

// hasBody reports whether the declaration has a brace or an arrow outside of parentheses. A guard without them is a
// line that uses guards.
func (p *parser) hasBody() bool {
	depth := 0
	for _, t := range p.list.Tokens[p.pos:p.end] {
		switch t.Kind {
		case token.LParen, token.LBracket:
			depth++
		case token.RParen, token.RBracket:
			depth--
		case token.LBrace, token.Arrow:
			if depth <= 0 {
				return true
			}
		}
	}
	return false
}

func (p *parser) fileGuard(start int) ast.Decl {
	s := read[fileGuardSyntax](p)
	d := &ast.FileGuard{Head: p.head(start, nil), Uses: of(s.Uses)}
	if s.Uses == nil {
		p.lacks(start, "name", "the name of a guard")
	}
	return d
}
