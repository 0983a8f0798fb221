package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/token"
)

// insert reads `insert T { … }`.
func (p *parser) insert() ast.Expr {
	start := p.next().Span.Start
	table, record := p.written("insert")
	return &ast.Insert{At: p.from(start), Table: table, Record: record}
}

// upsert reads `upsert T { … }`.
func (p *parser) upsert() ast.Expr {
	start := p.next().Span.Start
	table, record := p.written("upsert")
	return &ast.Upsert{At: p.from(start), Table: table, Record: record}
}

func (p *parser) written(word string) (table ast.Ident, record *ast.RecordLit) {
	table = p.name("a table to " + word + " into")
	if !p.failed && p.is(token.LBrace) {
		return table, p.recordLit(nil)
	}
	if !p.failed {
		p.unexpected("`{` and the fields of the row")
	}
	return table, &ast.RecordLit{At: p.here()}
}

// update reads `update row { … }`, `update row patch` or `update T where cond { … }`.
func (p *parser) update() ast.Expr {
	start := p.next().Span.Start
	out := &ast.Update{Target: beforeBody(p, p.unary)}
	if !p.failed && p.acceptWord("where") {
		out.Cond = beforeBody(p, p.operand)
	}
	switch {
	case p.failed:
	case p.is(token.LBrace):
		out.Set = p.recordLit(nil)
	case out.Cond == nil && p.startsValue(p.peek()):
		out.Patch = p.unary()
	default:
		p.unexpected("`{` and the fields to change")
	}
	out.At = p.from(start)
	return out
}

// del reads `delete row` or `delete T where cond`.
func (p *parser) del() ast.Expr {
	start := p.next().Span.Start
	out := &ast.Delete{Target: p.unary()}
	if !p.failed && p.acceptWord("where") {
		out.Cond = p.operand()
	}
	out.At = p.from(start)
	return out
}

// startsValue reports whether a value can start with a token.
func (p *parser) startsValue(t token.Token) bool {
	switch t.Kind {
	case token.Int, token.Float, token.Duration, token.Size, token.StringStart, token.LParen, token.LBracket, token.LBrace, token.Dot,
		token.Not, token.Minus:
		return true
	case token.Ident:
		if !t.Is(token.Reserved) {
			return true
		}
		switch p.text(t.Span) {
		case "true", "false", "null", "if", "match", "insert", "upsert", "update", "delete":
			return true
		}
	}
	return false
}
