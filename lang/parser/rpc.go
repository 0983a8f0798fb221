package parser

import "github.com/livec-lang/livec/lang/ast"

// rpcSyntax is `rpc name(params) -> type clauses { … }`.
type rpcSyntax struct {
	Name    *nameSyntax        `parser:"'rpc' @@?"`
	Params  node[[]*ast.Param] `parser:"@@?"`
	Result  ast.Type           `parser:"( '->' @@ )?"`
	Clauses []ast.Clause       `parser:"@@*"`
	Body    node[*ast.Block]   `parser:"@@?"`
}

func (p *parser) rpc() ast.Decl { return p.action() }

// action reads an rpc, in a room or by itself.
func (p *parser) action() *ast.RPC {
	start := p.pos
	s := read[rpcSyntax](p)
	d := &ast.RPC{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Clauses: s.Clauses, Body: of(s.Body)}
	if s.Body == nil {
		p.lacks(start, "body", "a body in braces")
	}
	return d
}
