package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) migrate(d *ast.Migrate) doc {
	head := text("migrate ", d.Name.Name, " ", d.From.Text, " -> ", d.To.Text, " ")
	return concat(head, p.braces(elementsOf(d.Steps, p.migrateStep), d.Span.End-1, p.brokeAfter(p.braceAfter(d.To)+1), "  "))
}

func (p *printer) migrateStep(s *ast.MigrateStep) doc {
	parts := []doc{text(s.Word.Name, " ")}
	if s.Word.Name == "literal" {
		parts = append(parts, p.typ(s.Type), text(" "), p.expr(s.Value))
	} else {
		parts = append(parts, text(s.From.Name))
		if s.To.Name != "" {
			parts = append(parts, text(" -> ", s.To.Name))
		}
		if s.Type != nil {
			parts = append(parts, text(": "), p.typ(s.Type))
		}
		if s.Value != nil {
			parts = append(parts, text(" = "), p.expr(s.Value))
		}
	}
	if s.Back != nil {
		parts = append(parts, text(" back "), p.expr(s.Back))
	}
	return concat(parts...)
}
