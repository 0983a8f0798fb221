package parser

import (
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// recordLit reads `{ name, x: 1, ...row, .field, "key": 1 }`; typ is the name before it, if there is one.
func (p *parser) recordLit(typ *ast.Ident) *ast.RecordLit {
	brace := p.next()
	start := brace.Span.Start
	if typ != nil {
		start = typ.Span.Start
	}
	p.open = append(p.open, brace.Span)
	out := &ast.RecordLit{Type: typ}
	for !p.failed && !p.is(token.RBrace) {
		out.Members = append(out.Members, plain(p, p.recordMember))
		if p.failed || p.accept(token.Comma) {
			continue
		}
		if t := p.peek(); t.Is(token.First) && (t.Kind == token.Ident || t.Kind == token.Spread) {
			p.missing(",", "this field")
			continue
		}
		break
	}
	if !p.failed {
		p.expect(token.RBrace, "`,` or `}` after the field")
	}
	if !p.failed {
		p.open = p.open[:len(p.open)-1]
	}
	out.At = p.from(start)
	return out
}

func (p *parser) recordMember() *ast.RecordMember {
	t := p.peek()
	out := &ast.RecordMember{}
	switch t.Kind {
	case token.Spread:
		p.next()
		out.Spread = true
		out.Value = p.operand()
	case token.Dot:
		p.next()
		out.Row = true
		out.Name = p.word("a field of the row after `.`")
		if next := p.peek(); next.Kind == token.Dot || next.Kind == token.Safe {
			p.fail(diag.CodeExpected, next.Span, "this field has no name", "name it: `name: ."+out.Name.Name+".name`")
		}
	case token.StringStart:
		out.Key = p.stringLit()
		if !p.failed && p.expect(token.Colon, "`:` after the key") {
			out.Value = p.expr()
		}
	case token.Ident:
		out.Name = p.memberName("a field")
		switch {
		case p.failed:
		case p.accept(token.Colon):
			out.Value = p.expr()
		case p.is(token.Assign):
			eq := p.next()
			p.failAs(diag.Diagnostic{
				Code: diag.CodeExpected, Severity: diag.Error, Message: "expected `:`, found `=`", Primary: diag.Label{File: p.file, Span: eq.Span},
				Help: []string{"write the fields of a record as `name: value`"},
				Fix:  &diag.Fix{Title: "write `:`", Edits: []diag.Edit{{File: p.file, Span: eq.Span, Text: ":"}}},
			})
		}
	default:
		p.unexpected("a field, such as `name`, `name: value` or `...record`")
	}
	out.At = p.from(t.Span.Start)
	return out
}
