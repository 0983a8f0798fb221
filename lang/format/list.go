package format

import (
	"github.com/livec-lang/livec/internal/layout"
	"github.com/livec-lang/livec/lang/source"
)

// element is one element of a list.
type element struct {
	at    source.Span
	build func() doc
}

// elementsOf makes elements from nodes.
func elementsOf[T interface{ Where() source.Span }](nodes []T, build func(T) doc) []element {
	var out []element
	for _, n := range nodes {
		out = append(out, element{n.Where(), func() doc { return build(n) }})
	}
	return out
}

// commas lays out a list between brackets: on one line if it fits, otherwise with one element per line. end is the
// position of the closing bracket. If broken is set, it never uses one line.
func (p *printer) commas(open string, elems []element, close string, end int32, broken bool) doc {
	return p.bracketed(open, elems, close, end, broken, softline, func(last bool) (behind, sep doc) {
		if last {
			return nothing, nothing
		}
		return text(","), line
	})
}

// braces lays out members between braces. On one line they are separated by sep, otherwise by line breaks.
func (p *printer) braces(elems []element, end int32, broken bool, sep string) doc {
	return p.bracketed("{", elems, "}", end, broken, line, func(last bool) (behind, between doc) {
		if last {
			return nothing, nothing
		}
		return nothing, layout.LineOr(sep)
	})
}

func (p *printer) bracketed(open string, elems []element, close string, end int32, broken bool, edge doc,
	between func(last bool) (behind, sep doc)) doc {
	var inner []doc
	for i, e := range elems {
		behind, sep := between(i == len(elems)-1)
		lead := p.item(e.at, i == 0, true, e.build)
		inner = append(inner, lead, behind, p.trailing(e.at.End), sep)
	}
	if rest := p.ownLines(end, len(elems) == 0); len(rest) > 0 {
		if len(elems) > 0 {
			inner = append(inner, hardline)
		}
		inner = append(inner, join(hardline, rest))
	}
	if len(inner) == 0 {
		return text(open, close)
	}
	return groupIf(broken, text(open), nest(edge, concat(inner...)), edge, text(close))
}
