package parser

import (
	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/token"
)

// migrateSyntax is `migrate Table 1 -> 2 { steps }`.
type migrateSyntax struct {
	Table *nameSyntax              `parser:"'migrate' @@?"`
	From  node[*ast.IntLit]        `parser:"@@?"`
	Arrow string                   `parser:"@'->'?"`
	To    node[*ast.IntLit]        `parser:"@@?"`
	Steps node[[]*ast.MigrateStep] `parser:"@@?"`
}

func (p *parser) migrate() ast.Decl {
	start := p.pos
	s := read[migrateSyntax](p)
	d := &ast.Migrate{Head: p.named(start, s.Table), From: of(s.From), To: of(s.To), Steps: of(s.Steps)}
	switch {
	case s.From == nil || s.Arrow == "" || s.To == nil:
		p.lacks(start, "versions", "its versions, such as `1 -> 2`")
	case s.Steps == nil:
		p.lacks(start, "body", "its steps in braces")
	}
	return d
}

// version reads the number of a version.
func (p *parser) version() *ast.IntLit { return p.numberLit().(*ast.IntLit) }

// migrateBody reads steps.
func (p *parser) migrateBody() []*ast.MigrateStep {
	var out []*ast.MigrateStep
	p.members("a step: `add`, `rename`, `drop`, `convert` or `literal`", func() {
		first := p.pos
		t := p.peek()
		if t.Kind != token.Ident {
			return
		}
		s := &ast.MigrateStep{Doc: p.docOf(first), Word: p.ident(p.next())}
		p.migrateStep(s)
		s.At = p.from(t.Span.Start)
		if !p.failed {
			out = append(out, s)
		}
		p.accept(token.Comma)
	})
	return out
}

func (p *parser) migrateStep(s *ast.MigrateStep) {
	const field = "the name of a field"
	switch s.Word.Name {
	case "add":
		s.From = p.word(field)
	case "rename":
		s.From = p.word(field)
		p.arrowTo(s)
	case "drop":
		s.From = p.word(field)
		if !p.failed && p.accept(token.Colon) {
			s.Type = p.typ()
		}
		if !p.failed && p.expect(token.Assign, "`=` and the value that older clients see") {
			s.Value = p.operand()
		}
	case "convert":
		s.From = p.word(field)
		p.arrowTo(s)
		if !p.failed && p.accept(token.Colon) {
			s.Type = p.typ()
		}
		if !p.failed && p.expect(token.Assign, "`=` and the new value") {
			s.Value = p.operand()
		}
		p.back(s)
	case "literal":
		s.Type = p.namedOnly()
		if !p.failed {
			s.Value = p.primary()
		}
		p.back(s)
	default:
		help := "the steps are add, rename, drop, convert and literal"
		if near, ok := spelling.Suggest(s.Word.Name, ast.MigrateWords); ok {
			help = "did you mean `" + near + "`?"
		}
		p.fail(diag.CodeExpected, s.Word.Span, "unknown step `"+s.Word.Name+"`", help)
	}
}

func (p *parser) arrowTo(s *ast.MigrateStep) {
	if !p.failed && p.expect(token.Arrow, "`->` and the new name") {
		s.To = p.word("the new name")
	}
}

func (p *parser) back(s *ast.MigrateStep) {
	if p.failed {
		return
	}
	if !p.acceptWord("back") {
		p.unexpected("`back` and the value that older clients see")
		return
	}
	s.Back = p.operand()
}

// namedOnly reads the name of a type.
func (p *parser) namedOnly() ast.Type {
	name := p.name("the name of a type")
	return &ast.NamedType{At: name.At, Name: name}
}
