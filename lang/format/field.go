package format

import (
	"strings"

	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) params(params []*ast.Param, end int32) doc {
	return p.commas("(", elementsOf(params, p.param), ")", end, false)
}

func (p *printer) param(n *ast.Param) doc {
	d := text(n.Name.Name)
	if n.Type != nil {
		d = concat(d, text(": "), p.typ(n.Type))
	}
	if n.Default != nil {
		d = concat(d, text(" = "), p.expr(n.Default))
	}
	if n.Secret != nil {
		d = concat(d, text(" secret"))
	}
	return d
}

// fields lays out fields between braces. If they are on separate lines, their types are aligned.
func (p *printer) fields(fields []*ast.Field, open, end int32, sep string) doc {
	pads := p.columns(elementsOf(fields, p.field), func(i int) string { return fields[i].Name.Name })
	var elems []element
	for i, f := range fields {
		elems = append(elems, element{f.Span, func() doc { return p.paddedField(f, pads[i]) }})
	}
	return p.braces(elems, end, p.brokeAfter(open+1), sep)
}

// columns returns the number of spaces after the name of each element that aligns what follows. An empty line, or an
// element without a name, ends a run of aligned elements.
func (p *printer) columns(elems []element, name func(i int) string) []int {
	pads := make([]int, len(elems))
	for from := 0; from < len(elems); {
		to, longest := from, 0
		for ; to < len(elems) && name(to) != "" && (to == from || !p.apart(elems[to-1].at.End, elems[to].at.Start)); to++ {
			longest = max(longest, len(name(to)))
		}
		for i := from; i < to; i++ {
			pads[i] = longest - len(name(i))
		}
		from = max(to, from+1)
	}
	return pads
}

// apart reports whether there is an empty line between two positions.
func (p *printer) apart(from, to int32) bool {
	lines := strings.Split(p.src[from:max(from, to)], "\n")
	for i, l := range lines {
		if i > 0 && i < len(lines)-1 && strings.TrimSpace(l) == "" {
			return true
		}
	}
	return false
}

func (p *printer) field(f *ast.Field) doc { return p.paddedField(f, 0) }

func (p *printer) paddedField(f *ast.Field, spaces int) doc {
	parts := []doc{text(f.Name.Name, ": "), pad(spaces), p.typ(f.Type)}
	if f.Default != nil {
		parts = append(parts, text(" = "), p.expr(f.Default))
	}
	for _, m := range f.Modifiers {
		parts = append(parts, text(" ", m.Name))
	}
	return concat(parts...)
}

func names(list []ast.Ident) string {
	var out []string
	for _, n := range list {
		out = append(out, n.Name)
	}
	return strings.Join(out, ", ")
}
