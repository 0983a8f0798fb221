package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) clause(c ast.Clause) doc {
	word := text(c.Word(), " ")
	switch c := c.(type) {
	case *ast.GuardClause:
		return concat(word, p.guardUses(c.Uses))
	case *ast.ValueClause:
		return concat(word, p.expr(c.X))
	case *ast.RateClause:
		return p.rate(c)
	case *ast.MergeClause:
		if c.Max != nil {
			return concat(word, text(c.Kind.Name, " "), p.expr(c.Max))
		}
		return concat(word, text(c.Kind.Name))
	case *ast.KeyClause:
		if len(c.Names) == 1 {
			return concat(word, text(c.Names[0].Name))
		}
		return concat(word, text("(", names(c.Names), ")"))
	case *ast.OnClause:
		return concat(word, text(c.Event.Name, " "), p.block(c.Body))
	case *ast.SourcesClause:
		return concat(word, text(names(c.Names)))
	case *ast.WritableClause:
		if len(c.Guards) > 0 {
			return concat(word, text("guard "), p.guardUses(c.Guards))
		}
	case *ast.TZClause:
		return concat(word, p.expr(c.Zone))
	case *ast.DeltaClause:
		return concat(word, p.delta(c))
	case *ast.PublicClause, *ast.PrependClause:
	default:
		panic(fmt.Sprintf("a clause of kind %T has no layout", c))
	}
	return text(c.Word())
}

func (p *printer) guardUses(uses []*ast.GuardUse) doc {
	var parts []doc
	for _, u := range uses {
		parts = append(parts, concat(text(u.Name.Name), p.argsAfter(u.Args, u.Name)))
	}
	return join(text(", "), parts)
}

func (p *printer) rate(c *ast.RateClause) doc {
	d := concat(text("rate "), p.expr(c.Limit), text(" per "), p.expr(c.Per), text(" by "))
	if c.Key != nil {
		return concat(d, text("("), p.expr(c.Key), text(")"))
	}
	return concat(d, text(c.By.Name))
}

// delta lays out the two bodies in source order.
func (p *printer) delta(c *ast.DeltaClause) doc {
	var elems []element
	if c.Version != nil {
		elems = append(elems, element{c.Version.Span, func() doc { return concat(text("version "), p.block(c.Version)) }})
	}
	if c.Diff != nil {
		at := c.Diff.Span
		if c.Since != nil {
			at.Start = c.Since.Span.Start
		}
		elems = append(elems, element{at, func() doc { return p.diff(c) }})
	}
	if len(elems) == 2 && elems[0].at.Start > elems[1].at.Start {
		elems[0], elems[1] = elems[1], elems[0]
	}
	return p.braces(elems, c.Span.End-1, true, "  ")
}

func (p *printer) diff(c *ast.DeltaClause) doc {
	d := text("diff")
	if c.Since != nil {
		d = concat(d, text("("), p.param(c.Since), text(")"))
	}
	return concat(d, text(" "), p.block(c.Diff))
}
