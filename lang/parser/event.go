package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// eventRef reads `Order.created(order)`, `track(vehicle).created(fix)` or `Lot.endsAt(lot)`.
func (p *parser) eventRef() *ast.EventRef {
	start := p.peek().Span.Start
	out := &ast.EventRef{Source: p.name("a table or stream")}
	if !p.failed && p.is(token.LParen) {
		out.Args = p.binds()
	}
	if !p.failed && p.expect(token.Dot, "`.` and an event, such as `created`") {
		out.Name = p.word("an event, such as `created`")
	}
	if !p.failed && p.is(token.LParen) {
		out.Binds = p.binds()
	}
	out.At = p.from(start)
	return out
}

// binds reads names in parentheses.
func (p *parser) binds() []ast.Ident {
	p.next()
	out := []ast.Ident{}
	for !p.failed && !p.is(token.RParen) {
		out = append(out, p.name("a name"))
		if !p.accept(token.Comma) {
			break
		}
	}
	p.expect(token.RParen, "`,` or `)` after the name")
	return out
}
