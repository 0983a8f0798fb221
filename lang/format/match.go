package format

import "github.com/livec-lang/livec/lang/ast"

func (p *printer) matchExpr(x *ast.MatchExpr) doc {
	head := concat(text("match "), p.expr(x.X), text(" "))
	return concat(head, p.braces(elementsOf(x.Arms, p.arm), x.Span.End-1, p.brokeAfter(p.braceAfter(x.X)+1), ", "))
}

// matchStmt always puts each arm on a separate line.
func (p *printer) matchStmt(x *ast.MatchStmt) doc {
	head := concat(text("match "), p.expr(x.X), text(" "))
	return concat(head, p.braces(elementsOf(x.Arms, p.arm), x.Span.End-1, true, ", "))
}

// braceAfter returns the position of the brace that follows a node.
func (p *printer) braceAfter(n ast.Node) int32 {
	at := int(n.Where().End)
	for at < len(p.src) && p.src[at] != '{' && p.src[at] != '/' {
		at++
	}
	return int32(at)
}

func (p *printer) arm(a *ast.MatchArm) doc {
	var parts []doc
	for _, v := range a.Values {
		parts = append(parts, p.expr(v))
	}
	if a.Rest {
		parts = append(parts, text("_"))
	}
	head := join(text(", "), parts)
	if a.Bind != nil {
		head = concat(head, text(" ", a.Bind.Name))
	}
	if a.Body != nil {
		return concat(head, text(" => "), p.block(a.Body))
	}
	return concat(head, text(" => "), p.expr(a.X))
}
