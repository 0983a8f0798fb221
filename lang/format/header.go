package format

import "github.com/livec-lang/livec/lang/ast"

// header is the part of a declaration before its body.
type header struct {
	word, name string
	params     []*ast.Param
	parens     bool // whether to write empty parentheses
	result     ast.Type
	clauses    []ast.Clause
}

// shape lays out the head of most declarations: keyword, name, parameters and result.
func (p *printer) shape(h header) doc {
	d := text(h.word)
	if h.name != "" {
		d = text(h.word, " ", h.name)
	}
	if len(h.params) > 0 {
		end := p.closing(h.params[len(h.params)-1].Span.End)
		d = concat(d, p.params(h.params, end))
	} else if h.parens {
		d = concat(d, text("()"))
	}
	if h.result != nil {
		d = concat(d, text(" -> "), p.typ(h.result))
	}
	return d
}

// clauses lays out the clauses after a head, and the space before the body. They are on the line of the head if they fit and the author
// did not break there, otherwise on separate lines. Clauses with bodies are always on separate lines.
func (p *printer) clauses(head doc, list []ast.Clause, body bool) doc {
	if len(list) == 0 {
		if body {
			return concat(head, text(" "))
		}
		return head
	}
	simple := 0
	for simple < len(list) && !hasBody(list[simple]) {
		simple++
	}
	var parts []doc
	for i, c := range list[:simple] {
		last := !body && i == len(list)-1
		parts = append(parts, nest(line, p.item(c.Where(), true, last, func() doc { return p.clause(c) })))
	}
	if simple == len(list) && body {
		parts = append(parts, line)
	}
	out := []doc{head, groupIf(p.brokeBefore(list[0].Where().Start) && simple > 0, parts...)}
	for i, c := range list[simple:] {
		last := !body && simple+i == len(list)-1
		out = append(out, nest(hardline, p.item(c.Where(), true, last, func() doc { return p.clause(c) })))
	}
	if simple < len(list) && body {
		out = append(out, hardline)
	}
	return concat(out...)
}

// bodied lays out a head with its clauses and its body.
func (p *printer) bodied(h header, body *ast.Block) doc {
	d := p.clauses(p.shape(h), h.clauses, true)
	return concat(d, p.block(body))
}

func hasBody(c ast.Clause) bool {
	switch c.(type) {
	case *ast.OnClause, *ast.DeltaClause:
		return true
	}
	return false
}
