package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) table(d *ast.Table) doc {
	head := text("table ", d.Name.Name, " ")
	elems := make([]element, len(d.Members))
	for i, m := range d.Members {
		elems[i].at = m.Where()
	}
	pads := p.columns(elems, func(i int) string {
		if f, ok := d.Members[i].(*ast.Field); ok {
			return f.Name.Name
		}
		return ""
	})
	for i, m := range d.Members {
		elems[i].build = func() doc { return p.tableMember(m, pads[i]) }
	}
	return concat(head, p.braces(elems, d.Span.End-1, p.brokeAfter(p.braceAfter(&d.Name)+1), "  "))
}

func (p *printer) tableMember(m ast.Node, spaces int) doc {
	switch m := m.(type) {
	case *ast.Field:
		return p.paddedField(m, spaces)
	case *ast.Columns:
		return text(m.Word, " (", names(m.Names), ")")
	case *ast.Policy:
		return concat(text(m.Word, " if "), p.expr(m.Cond))
	}
	panic(fmt.Sprintf("a member of a table of kind %T has no layout", m))
}
