package parser

import "github.com/livec-lang/livec/lang/ast"

// channelSyntax is `channel name(params) -> type clauses`.
type channelSyntax struct {
	Name    *nameSyntax        `parser:"'channel' @@?"`
	Params  node[[]*ast.Param] `parser:"@@?"`
	Result  ast.Type           `parser:"( '->' @@ )?"`
	Clauses []ast.Clause       `parser:"@@*"`
}

func (p *parser) channel() ast.Decl {
	start := p.pos
	s := read[channelSyntax](p)
	d := &ast.Channel{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Clauses: s.Clauses}
	switch {
	case p.pos < p.end:
		p.leftover("another clause or the end of the channel")
	case s.Result == nil:
		p.failAt(start, "this `channel` does not say what it carries", "write `-> type` after the name")
	}
	return d
}
