package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// pipeSyntax is `pipe name(params) on Table = stages`.
type pipeSyntax struct {
	Name   *nameSyntax        `parser:"'pipe' @@?"`
	Params node[[]*ast.Param] `parser:"@@?"`
	On     *nameSyntax        `parser:"( 'on' @@? )?"`
	Stages node[[]ast.Stage]  `parser:"( '=' @@? )?"`
}

func (p *parser) pipe() ast.Decl {
	start := p.pos
	s := read[pipeSyntax](p)
	d := &ast.Pipe{Head: p.named(start, s.Name), Params: of(s.Params), On: s.On.ident(), Stages: of(s.Stages)}
	switch {
	case p.pos < p.end && s.Stages != nil:
	case s.Stages == nil && p.pos < p.end && p.list.Tokens[p.pos-1].Kind == token.Assign:
		p.unexpected("a stage, such as `filter`, `sort` or `limit`")
	case s.Stages == nil:
		p.lacks(start, "stages", "`= stages`")
	case s.On == nil:
		p.failAt(start, "this `pipe` does not say which table it reads", "write `on` and a table after the name")
	}
	return d
}
