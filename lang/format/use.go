package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) use(d *ast.Use) doc {
	var elems []element
	for _, n := range d.Names {
		elems = append(elems, element{n.Span, func() doc { return text(n.Name) }})
	}
	names := p.bracketed("{", elems, "}", d.Span.End-1, false, line, func(last bool) (behind, sep doc) {
		if last {
			return nothing, nothing
		}
		return text(","), line
	})
	return concat(text("use ", d.Module.Name, " "), names)
}
