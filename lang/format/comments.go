package format

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
)

// item sets something that comments may stand before, in and after: a declaration, a statement, a member, an element. Comments before it
// go on lines of their own; those in it that nothing in it took go before it as well; one after it on its line stays there, unless the
// thing is the last in something that takes it instead.
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

// ownLines sets the comments before a place, one a document, with an empty one for an empty line.
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

// comment sets the next comment. A doc comment that belongs to nothing becomes a plain one, since it might come to stand above something
// else.
func (p *printer) comment() doc {
	c := p.comments[p.next]
	p.next++
	p.last = max(p.last, c.Span.End)
	// The break keeps what follows off its line wherever the comment is put.
	return concat(text(commentText(c)), broken)
}

// broken has no text, but makes all groups around it break.
var broken = layout.Breaks

func commentText(c ast.Comment) string {
	if !c.Doc && strings.HasPrefix(c.Text, "///") && !strings.HasPrefix(c.Text, "////") {
		return c.Text[1:]
	}
	return c.Text
}

// gap reports whether the author left an empty line between the last thing that was set and a place.
func (p *printer) gap(at int32) bool {
	if p.last >= at {
		return false
	}
	return strings.Count(p.src[p.last:at], "\n") > 1
}

// trailing sets the comment that follows a place on its line.
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
