package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// resultType reads the type after `->`. A brace that is not followed by a field begins the body of a declaration whose type is missing.
func (p *parser) resultType() (ast.Type, bool) {
	if p.is(token.LBrace) && p.peekAt(1).Kind != token.RBrace && p.peekAt(2).Kind != token.Colon {
		p.fail(diag.CodeExpected, p.list.Tokens[max(p.start, p.pos-1)].Span, "expected a type after `->`, found a body")
		return &ast.BadType{At: p.here()}, true
	}
	return p.typ(), true
}

// typ reads a type: simple types separated by `|`, optionally with a `|` before the first.
func (p *parser) typ() ast.Type {
	start := p.peek().Span.Start
	led := p.accept(token.Pipe)
	first := p.simpleType()
	if !led && !p.is(token.Pipe) {
		return first
	}
	members := []ast.Type{first}
	for p.accept(token.Pipe) {
		members = append(members, p.simpleType())
	}
	if len(members) == 1 {
		return first
	}
	return &ast.UnionType{At: p.from(start), Members: members}
}

// simpleType reads a type with its `?`, but not a union.
func (p *parser) simpleType() ast.Type {
	defer p.leave()
	if !p.enter() {
		return &ast.BadType{At: p.here()}
	}
	start := p.peek().Span.Start
	t := p.baseType()
	for p.is(token.Question) && !p.peek().Is(token.First) {
		p.next()
		if _, twice := t.(*ast.OptionalType); !twice {
			t = &ast.OptionalType{At: p.from(start), Elem: t}
		}
	}
	return t
}

func (p *parser) baseType() ast.Type {
	t := p.peek()
	start := t.Span.Start
	switch t.Kind {
	case token.Ident:
		if !t.Is(token.Reserved) {
			return p.namedType()
		}
	case token.StringStart:
		lit := p.stringLit()
		return &ast.LiteralType{At: lit.At, Value: lit}
	case token.LBracket:
		return p.listType()
	case token.LBrace:
		fields := p.bracedFields()
		return &ast.RecordType{At: p.from(start), Fields: fields}
	case token.LParen:
		p.next()
		inner := p.typ()
		p.expect(token.RParen, "`)` after the type")
		return inner
	}
	p.unexpected("a type")
	return &ast.BadType{At: p.here()}
}

// namedType reads `User`, `string(1..200)` or `Message.id`.
func (p *parser) namedType() ast.Type {
	start := p.peek().Span.Start
	name := p.ident(p.next())
	if p.is(token.Dot) && !p.peek().Is(token.Spaced) {
		p.next()
		member := p.word("the name of a field")
		return &ast.MemberType{At: p.from(start), Name: name, Member: member}
	}
	refine := p.refinement()
	return &ast.NamedType{At: p.from(start), Name: name, Refine: refine}
}

// listType reads `[T]`, `[T](1..10)` or `[string: T]`.
func (p *parser) listType() ast.Type {
	start := p.next().Span.Start
	elem := p.typ()
	if p.accept(token.Colon) {
		value := p.typ()
		p.expect(token.RBracket, "`]` after the type of the values")
		return &ast.MapType{At: p.from(start), Key: elem, Elem: value}
	}
	p.expect(token.RBracket, "`]` after the type of the elements")
	refine := p.refinement()
	return &ast.ListType{At: p.from(start), Elem: elem, Refine: refine}
}

// refinement reads the parentheses after a type; nil if there are none.
func (p *parser) refinement() *ast.Refinement {
	if t := p.peek(); t.Kind != token.LParen || t.Is(token.First) {
		return nil
	}
	start := p.next().Span.Start
	var parts []ast.Refine
	for !p.failed && !p.is(token.RParen) {
		parts = append(parts, p.refine())
		if !p.accept(token.Comma) {
			break
		}
	}
	p.expect(token.RParen, "`)` after the refinement")
	return &ast.Refinement{At: p.from(start), Parts: parts}
}

func (p *parser) refine() ast.Refine {
	t := p.peek()
	switch t.Kind {
	case token.Ident:
		word := p.ident(p.next())
		return ast.Refine{At: word.At, Word: &word}
	case token.Pattern:
		p.next()
		text := p.text(t.Span)
		return ast.Refine{At: ast.At{Span: t.Span}, Pattern: &ast.Pattern{Text: text[1 : len(text)-1]}}
	}
	low := p.bound()
	if !p.expect(token.Range, "a range such as `1..200`, a word such as `email`, or a pattern such as `/^[a-z]+$/`") {
		return ast.Refine{At: p.from(t.Span.Start)}
	}
	high := p.bound()
	return ast.Refine{At: p.from(t.Span.Start), Range: &ast.Range{Min: low, Max: high}}
}

// bound reads a bound of a range; nil if it is open.
func (p *parser) bound() ast.Expr {
	start := p.peek().Span.Start
	if p.is(token.Minus) {
		p.next()
		x := p.bound()
		if x == nil {
			p.unexpected("a number")
			return nil
		}
		return &ast.Unary{At: p.from(start), Op: "-", X: x}
	}
	switch p.peek().Kind {
	case token.Int, token.Float, token.Size, token.Duration:
		return p.numberLit()
	}
	return nil
}
