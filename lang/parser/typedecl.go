package parser

import "github.com/livec-lang/livec/lang/ast"

// typeSyntax is `type Name = type` or `type Name { fields }`.
type typeSyntax struct {
	Name   *nameSyntax        `parser:"'type' @@?"`
	Fields node[[]*ast.Field] `parser:"( @@"`
	Type   ast.Type           `parser:"| '=' @@ )?"`
}

func (p *parser) typeDecl() ast.Decl {
	start := p.pos
	s := read[typeSyntax](p)
	d := &ast.TypeDecl{Head: p.named(start, s.Name), Type: s.Type}
	if s.Fields != nil {
		record := &ast.RecordType{Fields: of(s.Fields)}
		record.Span.Start, record.Span.End = d.Span.Start, d.Span.End
		if s.Name != nil {
			record.Span.Start = p.braceAfter(d.Name.Span.End)
		}
		d.Type = record
	} else if s.Type == nil {
		p.lacks(start, "type", "`= type` or fields in braces")
		d.Type = &ast.BadType{At: d.At}
	}
	return d
}

// braceAfter returns the start of the first token after a position.
func (p *parser) braceAfter(at int32) int32 {
	for i := p.start; i < p.end; i++ {
		if t := p.list.Tokens[i]; t.Span.Start >= at {
			return t.Span.Start
		}
	}
	return at
}
