package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// useSyntax is `use module/path { names }`.
type useSyntax struct {
	Module node[ast.Ident]   `parser:"'use' @@?"`
	Names  node[[]ast.Ident] `parser:"@@?"`
}

func (p *parser) use() ast.Decl {
	start := p.pos
	s := read[useSyntax](p)
	d := &ast.Use{Head: p.head(start, nil), Module: of(s.Module), Names: of(s.Names)}
	switch {
	case s.Names == nil:
		p.lacks(start, "names", "the names to import, in braces")
	case s.Module == nil:
		p.failAt(start, "this `use` does not name a module", "write it as `use rooms/lobby { join }`")
	}
	return d
}

// modulePath reads `rooms/lobby`.
func (p *parser) modulePath() ast.Ident {
	start := p.next().Span.Start
	for {
		sep, word := p.peek(), p.peekAt(1)
		if sep.Kind != token.Slash || sep.Is(token.Spaced) || word.Is(token.Spaced) || word.Kind != token.Ident {
			break
		}
		p.next()
		p.next()
	}
	at := p.from(start)
	return ast.Ident{At: at, Name: p.text(at.Span)}
}

// useNames reads `{ a, b }`.
func (p *parser) useNames() []ast.Ident {
	var out []ast.Ident
	p.members("a name to import", func() {
		if name := p.name("a name to import"); name.Name != "" {
			out = append(out, name)
		}
		p.accept(token.Comma)
	})
	return out
}
