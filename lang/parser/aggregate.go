package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// aggregateSyntax is `aggregate name(params) on Source(args) clauses { fields }`.
type aggregateSyntax struct {
	Name    *nameSyntax                 `parser:"'aggregate' @@?"`
	Params  node[[]*ast.Param]          `parser:"@@?"`
	On      *nameSyntax                 `parser:"( 'on' @@?"`
	OnArgs  node[streamArgs]            `parser:"@@? )?"`
	Clauses []ast.Clause                `parser:"@@*"`
	Body    node[[]*ast.AggregateField] `parser:"@@?"`
}

// streamArgs are the arguments of a stream.
type streamArgs []ast.Expr

func (p *parser) streamArgs() streamArgs { return p.args() }

func (p *parser) aggregate() ast.Decl {
	start := p.pos
	s := read[aggregateSyntax](p)
	d := &ast.Aggregate{Head: p.named(start, s.Name), Params: of(s.Params), On: s.On.ident(), OnArgs: of(s.OnArgs), Clauses: s.Clauses,
		Fields: of(s.Body)}
	switch {
	case s.Body == nil:
		p.lacks(start, "body", "its fields in braces")
	case s.On == nil:
		p.failAt(start, "this `aggregate` does not say which table or stream it follows", "write `on` and a table or stream after the name")
	}
	return d
}

// aggregateBody reads fields.
func (p *parser) aggregateBody() []*ast.AggregateField {
	var out []*ast.AggregateField
	p.members("a field, such as `count: int = 0 { created(o) => count + 1 }`", func() {
		if f := p.aggregateField(); f != nil {
			out = append(out, f)
		}
		p.accept(token.Comma)
	})
	return out
}

// aggregateField reads `name: type = first { reducers }` or `name = expr`.
func (p *parser) aggregateField() *ast.AggregateField {
	first := p.pos
	start := p.peek().Span.Start
	if p.peek().Kind != token.Ident {
		return nil
	}
	out := &ast.AggregateField{Doc: p.docOf(first), Name: p.memberName("the name of a field")}
	if !p.failed && p.accept(token.Colon) {
		out.Type = p.typ()
	}
	if !p.failed && !p.accept(token.Assign) {
		p.unexpected("`=` and the first value of the field")
	}
	if p.failed {
		out.Init = p.bad()
	} else if out.Type != nil {
		out.Init = beforeBody(p, p.operand)
	} else {
		out.Init = p.expr()
	}
	if !p.failed && p.is(token.LBrace) {
		p.members("an event, such as `created(row) => count + 1`", func() {
			if r := p.reducer(); r != nil {
				out.Reducers = append(out.Reducers, r)
			}
			p.accept(token.Comma)
		})
	}
	out.At = p.from(start)
	return out
}

// reducer reads `created(o) => expr`.
func (p *parser) reducer() *ast.Reducer {
	start := p.peek().Span.Start
	if p.peek().Kind != token.Ident {
		return nil
	}
	out := &ast.Reducer{Event: p.word("an event")}
	if p.is(token.LParen) {
		out.Binds = p.binds()
	}
	if !p.failed && !p.accept(token.FatArrow) {
		p.unexpected("`=>` and the new value")
	}
	if p.failed {
		out.Value = p.bad()
	} else {
		out.Value = p.expr()
	}
	out.At = p.from(start)
	return out
}
