package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// tableSyntax is `table Name { members }`.
type tableSyntax struct {
	Name *nameSyntax      `parser:"'table' @@?"`
	Body node[*ast.Table] `parser:"@@?"`
}

func (p *parser) table() ast.Decl {
	start := p.pos
	s := read[tableSyntax](p)
	d := of(s.Body)
	if d == nil {
		d = &ast.Table{}
	}
	d.Head = p.named(start, s.Name)
	if s.Body == nil {
		p.lacks(start, "body", "its fields in braces")
	}
	return d
}

// tableBody reads the members of a table.
func (p *parser) tableBody() *ast.Table {
	d := &ast.Table{}
	p.members("a field, such as `name: string`", func() {
		if m := p.tableMember(d); m != nil {
			d.Members = append(d.Members, m)
		}
		p.accept(token.Comma)
	})
	return d
}

func (p *parser) tableMember(d *ast.Table) ast.Node {
	t, next := p.peek(), p.peekAt(1)
	switch {
	case t.Kind != token.Ident || next.Kind == token.Colon:
	case next.Kind == token.LParen && (p.isWord(t, "key") || p.isWord(t, "index") || p.isWord(t, "unique")):
		return p.columns(d)
	case next.Kind == token.Ident && !next.Is(token.First) && !namesType(p.text(next.Span)) && (p.isWord(t, "index") || p.isWord(t, "unique")):
		return p.bareColumn(d)
	case p.isWord(next, "if") && (p.isWord(t, "read") || p.isWord(t, "write")):
		return p.policy(d)
	}
	f := p.field()
	if f == nil {
		return nil
	}
	d.Fields = append(d.Fields, f)
	return f
}

// columns reads `key (a, b)`, `index (a, b)` or `unique (a, b)`.
func (p *parser) columns(d *ast.Table) ast.Node {
	doc := p.docOf(p.pos)
	word := p.next()
	c := &ast.Columns{Doc: doc, Word: p.text(word.Span), Names: p.columnNames()}
	c.At = p.from(word.Span.Start)
	switch {
	case c.Word == "index":
		d.Indexes = append(d.Indexes, c)
	case c.Word == "unique":
		d.Uniques = append(d.Uniques, c)
	case d.Key == nil:
		d.Key = c
	default:
		p.twice(word.Span, "key", d.Key.Span)
	}
	return c
}

// bareColumn reads `index a`, in which the parentheses are missing.
func (p *parser) bareColumn(d *ast.Table) ast.Node {
	word, name := p.next(), p.ident(p.next())
	written := p.text(name.Span)
	p.soft(diag.Diagnostic{
		Code: diag.CodeExpected, Severity: diag.Error, Message: "the fields of `" + p.text(word.Span) + "` go in parentheses",
		Primary: diag.Label{File: p.file, Span: name.Span},
		Fix:     &diag.Fix{Title: "write `(" + written + ")`", Edits: []diag.Edit{{File: p.file, Span: name.Span, Text: "(" + written + ")"}}},
	})
	c := &ast.Columns{Word: p.text(word.Span), Names: []ast.Ident{name}}
	c.At = p.from(word.Span.Start)
	if c.Word == "index" {
		d.Indexes = append(d.Indexes, c)
	} else {
		d.Uniques = append(d.Uniques, c)
	}
	return c
}

// policy reads `read if expr` or `write if expr`.
func (p *parser) policy(d *ast.Table) ast.Node {
	doc := p.docOf(p.pos)
	word := p.next()
	p.next()
	c := &ast.Policy{Doc: doc, Word: p.text(word.Span), Cond: p.operand()}
	c.At = p.from(word.Span.Start)
	slot := &d.ReadIf
	if c.Word == "write" {
		slot = &d.WriteIf
	}
	if *slot == nil {
		*slot = c
	} else {
		p.twice(word.Span, c.Word+" if", (*slot).Span)
	}
	return c
}
