package format

import (
	"fmt"

	"github.com/livec-lang/livec/lang/ast"
)

func (p *printer) typ(t ast.Type) doc {
	switch t := t.(type) {
	case *ast.NamedType:
		return concat(text(t.Name.Name), p.refinement(t.Refine))
	case *ast.MemberType:
		return text(t.Name.Name, ".", t.Member.Name)
	case *ast.OptionalType:
		return concat(p.simpleType(t.Elem), text("?"))
	case *ast.ListType:
		return concat(text("["), p.typ(t.Elem), text("]"), p.refinement(t.Refine))
	case *ast.MapType:
		return concat(text("["), p.typ(t.Key), text(": "), p.typ(t.Elem), text("]"))
	case *ast.RecordType:
		return p.fields(t.Fields, t.Span.Start, t.Span.End-1, ", ")
	case *ast.UnionType:
		return p.union(t)
	case *ast.LiteralType:
		return p.verbatim(t.Span)
	case *ast.BadType:
		return p.verbatim(t.Span)
	}
	panic(fmt.Sprintf("a type of kind %T has no layout", t))
}

// union lays out the members on one line or, if they do not fit, each on a separate line after a `|`.
func (p *printer) union(t *ast.UnionType) doc {
	var parts []doc
	for i, m := range t.Members {
		if i > 0 {
			parts = append(parts, line, text("| "))
		}
		parts = append(parts, p.simpleType(m))
	}
	return group(nest(parts...))
}

func (p *printer) refinement(r *ast.Refinement) doc {
	if r == nil {
		return nothing
	}
	var parts []doc
	for _, part := range r.Parts {
		switch {
		case part.Word != nil:
			parts = append(parts, text(part.Word.Name))
		case part.Pattern != nil:
			parts = append(parts, text("/", part.Pattern.Text, "/"))
		default:
			parts = append(parts, concat(p.bound(part.Range.Min), text(".."), p.bound(part.Range.Max)))
		}
	}
	return concat(text("("), join(text(", "), parts), text(")"))
}

func (p *printer) bound(x ast.Expr) doc {
	if x == nil {
		return nothing
	}
	return p.expr(x)
}

// simpleType writes a type in a place where a union needs parentheses.
func (p *printer) simpleType(t ast.Type) doc {
	if _, union := t.(*ast.UnionType); union {
		return concat(text("("), p.typ(t), text(")"))
	}
	return p.typ(t)
}
