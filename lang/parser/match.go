package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// matchExpr reads a match with a value.
func (p *parser) matchExpr() ast.Expr {
	start := p.next().Span.Start
	x := beforeBody(p, p.operand)
	arms := p.arms(func(a *ast.MatchArm) { a.X = plain(p, p.expr) })
	return &ast.MatchExpr{At: p.from(start), X: x, Arms: arms}
}

// matchStmt reads a match whose arms are blocks, or single statements.
func (p *parser) matchStmt() ast.Stmt {
	start := p.next().Span.Start
	x := beforeBody(p, p.operand)
	arms := p.arms(func(a *ast.MatchArm) {
		if p.is(token.LBrace) {
			a.Body = p.block()
			return
		}
		at := p.peek().Span.Start
		s := p.stmt()
		a.Body = &ast.Block{At: p.from(at), Stmts: []ast.Stmt{s}}
	})
	return &ast.MatchStmt{At: p.from(start), X: x, Arms: arms}
}

func (p *parser) arms(body func(*ast.MatchArm)) []*ast.MatchArm {
	if p.failed {
		return nil
	}
	if !p.is(token.LBrace) {
		p.unexpected("`{` and the arms of the match")
		return nil
	}
	var out []*ast.MatchArm
	p.members("an arm, such as `\"a\" => …`", func() {
		out = append(out, p.arm(body))
		p.accept(token.Comma)
	})
	return out
}

func (p *parser) arm(body func(*ast.MatchArm)) *ast.MatchArm {
	start := p.peek().Span.Start
	out := &ast.MatchArm{}
	for {
		p.armValue(out)
		if p.failed || !p.accept(token.Comma) {
			break
		}
	}
	if !p.failed && !p.accept(token.FatArrow) {
		p.unexpected("`=>` after the pattern")
	}
	if !p.failed {
		body(out)
	}
	out.At = p.from(start)
	return out
}

// armValue reads a literal, the name of a record type with a name for the value, or `_`.
func (p *parser) armValue(out *ast.MatchArm) {
	t := p.peek()
	word := ""
	if t.Kind == token.Ident {
		word = p.text(t.Span)
	}
	switch {
	case word == "_":
		p.next()
		out.Rest = true
	case word == "true" || word == "false" || word == "null":
		out.Values = append(out.Values, p.wordExpr(t))
	case word != "" && !t.Is(token.Reserved):
		p.next()
		out.Values = append(out.Values, &ast.Name{At: ast.At{Span: t.Span}, Name: word})
		if bind := p.peek(); bind.Kind == token.Ident && !bind.Is(token.Reserved) {
			name := p.ident(p.next())
			out.Bind = &name
		}
	case t.Kind == token.StringStart:
		out.Values = append(out.Values, p.stringLit())
	case t.Kind == token.Minus || t.Kind == token.Int || t.Kind == token.Float:
		out.Values = append(out.Values, p.armNumber())
	default:
		p.unexpected("a pattern: a literal, a type or `_`")
	}
}

func (p *parser) armNumber() ast.Expr {
	start := p.peek().Span.Start
	minus := p.accept(token.Minus)
	if k := p.peek().Kind; k != token.Int && k != token.Float {
		p.unexpected("a number after `-`")
		return p.bad()
	}
	x := p.numberLit()
	if minus {
		return &ast.Unary{At: p.from(start), Op: "-", X: x}
	}
	return x
}
