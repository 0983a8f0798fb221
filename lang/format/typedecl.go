package format

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) typeDecl(d *ast.TypeDecl) doc {
	switch t := d.Type.(type) {
	case *ast.RecordType:
		return concat(text("type ", d.Name.Name, " "), p.typ(t))
	case *ast.UnionType:
		return concat(text("type ", d.Name.Name, " ="), p.unionDecl(t))
	}
	return concat(text("type ", d.Name.Name, " = "), p.typ(d.Type))
}

// unionDecl lays out the members on the line of the name, or each on a separate line after a `|`.
func (p *printer) unionDecl(t *ast.UnionType) doc {
	broken := false
	var parts []doc
	for i, m := range t.Members {
		at := m.Where()
		bar := text("| ")
		if i == 0 {
			bar = layout.Broken("| ")
		} else {
			broken = broken || strings.Contains(p.src[t.Members[i-1].Where().End:at.Start], "\n")
		}
		parts = append(parts, line, p.item(at, true, i == len(t.Members)-1, func() doc { return concat(bar, p.simpleType(m)) }))
	}
	return groupIf(broken, nest(parts...))
}
