package parser

import "github.com/livec-lang/livec/lang/ast"

// fnSyntax is `fn name(params) -> type = expr` or `fn name(params) -> type { … }`.
type fnSyntax struct {
	Name   *nameSyntax        `parser:"'fn' @@?"`
	Params node[[]*ast.Param] `parser:"@@?"`
	Result ast.Type           `parser:"( '->' @@ )?"`
	Value  node[ast.Expr]     `parser:"( @@"`
	Body   node[*ast.Block]   `parser:"| @@ )?"`
}

func (p *parser) fn() ast.Decl {
	start := p.pos
	s := read[fnSyntax](p)
	d := &ast.Fn{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Value: of(s.Value), Body: of(s.Body)}
	switch {
	case s.Value == nil && s.Body == nil:
		p.lacks(start, "value", "`= value` or a body in braces")
	case s.Result == nil:
		p.failAt(start, "this `fn` has no result type", "write `-> type` after the parameters")
	}
	return d
}

// externSyntax is `extern fn name(params) -> type from "path" retryable`.
type externSyntax struct {
	Fn        string               `parser:"'extern' @'fn'?"`
	Name      *nameSyntax          `parser:"@@?"`
	Params    node[[]*ast.Param]   `parser:"@@?"`
	Result    ast.Type             `parser:"( '->' @@ )?"`
	Package   node[*ast.StringLit] `parser:"( 'from' @@? )?"`
	Retryable string               `parser:"@'retryable'?"`
}

func (p *parser) extern() ast.Decl {
	start := p.pos
	s := read[externSyntax](p)
	d := &ast.Extern{Head: p.named(start, s.Name), Params: of(s.Params), Result: s.Result, Package: of(s.Package),
		Retryable: s.Retryable != ""}
	switch {
	case s.Package == nil:
		p.lacks(start, "package", "`from \"path of a Go package\"`")
		d.Package = &ast.StringLit{At: d.At}
	case s.Fn == "":
		p.missingAfter(start, " fn", "`extern`")
	}
	return d
}
