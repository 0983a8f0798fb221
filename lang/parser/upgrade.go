package parser

import "github.com/livec-lang/livec/lang/ast"

// upgradeSyntax is `upgrade -> type = expr` or `upgrade -> type { … }`.
type upgradeSyntax struct {
	Result ast.Type         `parser:"'upgrade' ( '->' @@ )?"`
	Value  node[ast.Expr]   `parser:"( @@"`
	Body   node[*ast.Block] `parser:"| @@ )?"`
}

func (p *parser) upgrade() ast.Decl {
	start := p.pos
	s := read[upgradeSyntax](p)
	d := &ast.Upgrade{Head: p.head(start, nil), Result: s.Result, Value: of(s.Value), Body: of(s.Body)}
	switch {
	case s.Value == nil && s.Body == nil:
		p.lacks(start, "value", "`= value` or a body in braces")
	case s.Result == nil:
		p.failAt(start, "this `upgrade` does not say what a user is", "write `upgrade -> User? …`")
	}
	return d
}
