package format

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

// item lays out something that can have comments before it, inside it and after it: a declaration, a statement, a member, an element.
// Comments before it get lines of their own. So do comments inside it that none of its parts has laid out. A comment after it on the same
// line stays there, unless it is the last item of something that lays the comment out instead.
func (p *printer) item(at source.Span, first, lastOfOuter bool, build func() doc) doc {
	parts := p.ownLines(at.Start, first)
	if gap := p.gap(at.Start); gap && (len(parts) > 0 || !first) {
		parts = append(parts, nothing)
	}
	p.last = at.Start
	body := build()
	for p.next < len(p.comments) && p.comments[p.next].Span.Start < at.End {
		parts = append(parts, p.comment())
	}
	p.last = at.End
	if !lastOfOuter {
		body = concat(body, p.trailing(at.End))
	}
	return join(hardline, append(parts, body))
}

// ownLines lays out the comments before a position, one document for each, and an empty document for an empty line.
func (p *printer) ownLines(before int32, first bool) []doc {
	var out []doc
	for p.next < len(p.comments) && p.comments[p.next].Span.Start < before {
		if p.gap(p.comments[p.next].Span.Start) && (len(out) > 0 || !first) {
			out = append(out, nothing)
		}
		out = append(out, p.comment())
	}
	return out
}

// comment lays out the next comment. A doc comment that does not belong to a declaration becomes a plain one, since it
// might move above one.
func (p *printer) comment() doc {
	c := p.comments[p.next]
	p.next++
	p.last = max(p.last, c.Span.End)
	// The break ensures that the text after the comment is on another line.
	return concat(text(commentText(c)), broken)
}

// broken is empty, but breaks all groups around it.
var broken = layout.Breaks

func commentText(c ast.Comment) string {
	if !c.Doc && strings.HasPrefix(c.Text, "///") && !strings.HasPrefix(c.Text, "////") {
		return c.Text[1:]
	}
	return c.Text
}

// gap reports whether the author left an empty line between the last item and a position.
func (p *printer) gap(at int32) bool {
	if p.last >= at {
		return false
	}
	return strings.Count(p.src[p.last:at], "\n") > 1
}

// trailing lays out the comment after a position on the same line.
func (p *printer) trailing(end int32) doc {
	if p.next == len(p.comments) {
		return nothing
	}
	c := p.comments[p.next]
	if c.Span.Start < end || strings.Trim(p.src[end:c.Span.Start], " \t\r,") != "" {
		return nothing
	}
	p.next++
	p.last = c.Span.End
	return layout.Suffix(commentText(c))
}
