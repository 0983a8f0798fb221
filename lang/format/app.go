package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) app(d *ast.App) doc {
	elems := elementsOf(d.Settings, func(s *ast.Setting) doc { return concat(text(s.Name.Name, " "), p.expr(s.Value)) })
	return concat(text("app ", d.Name.Name, " "), p.braces(elems, d.Span.End-1, p.brokeAfter(p.braceAfter(&d.Name)+1), "  "))
}
