package parser

import (
	"strings"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// piece has the tokens of one declaration.
type piece struct {
	from, to int
	uneven   bool // its braces do not match, or an unclosed string may have consumed some
}

// split splits the file at each word in column 1. A word that can only be part of a body does not split the file while
// braces are open: it is reported, and the body continues.
func (p *parser) split() []piece {
	var out []piece
	from, depth, reported, swallowed := 0, 0, false, false
	open := int32(0) // start of the last string
	cut := func(at int) {
		if at > from {
			out = append(out, piece{from, at, depth != 0 || swallowed})
		}
		from, depth, reported, swallowed = at, 0, false, false
	}
	for i := range p.words {
		t := p.list.Tokens[i]
		switch t.Kind {
		case token.LBrace:
			depth++
		case token.RBrace:
			depth--
		case token.StringStart:
			open = t.Span.End
		case token.StringEnd:
			swallowed = swallowed || t.Problem != token.None && strings.Contains(p.file.Text[open:t.Span.Start], "}")
		case token.Ident:
			switch {
			case !t.Is(token.Column1):
			case depth > 0 && p.belongsToBody(i):
				p.columnOne(t, reported)
				reported = true
			default:
				cut(i)
			}
		}
	}
	cut(p.words)
	return out
}

// belongsToBody reports whether the word at an index cannot start a declaration.
func (p *parser) belongsToBody(i int) bool {
	t := p.list.Tokens[i]
	word := p.text(t.Span)
	if keywords[word] != nil {
		return false
	}
	if t.Is(token.Reserved) {
		return true
	}
	switch p.list.Tokens[i+1].Kind {
	case token.Colon, token.Assign, token.Comma, token.Dot, token.LParen, token.FatArrow:
		return true
	}
	return false
}

// columnOne reports a word of a body in column 1. It reports one for each body, with a fix that indents all of them.
func (p *parser) columnOne(t token.Token, reported bool) {
	edit := diag.Edit{File: p.file, Span: source.Span{Start: t.Span.Start, End: t.Span.Start}, Text: "  "}
	if reported {
		fix := p.found[len(p.found)-1].Fix
		fix.Edits = append(fix.Edits, edit)
		return
	}
	p.found = append(p.found, diag.Diagnostic{
		Code: diag.CodeColumn, Severity: diag.Error, Message: "`" + p.text(t.Span) + "` is in column 1, where only declarations start",
		Primary: diag.Label{File: p.file, Span: t.Span, Text: "this belongs to the body above"},
		Help:    []string{"indent the lines of a body"},
		Fix:     &diag.Fix{Title: "indent it", Edits: []diag.Edit{edit}},
	})
}

// moduleDoc returns the first lines of doc comments, if only plain comments such as a licence come before them, and an
// empty line or nothing follows.
func (p *parser) moduleDoc() []string {
	var lines []string
	first, end := 0, int32(0)
	for i, c := range p.list.Comments {
		if len(lines) == 0 && !c.Doc {
			first = i + 1
			continue
		}
		if !c.Doc || c.Span.Start > p.list.Tokens[0].Span.Start || len(lines) > 0 && p.blank(end, c.Span.Start) {
			break
		}
		lines = append(lines, docLine(p.text(c.Span)))
		end = c.Span.End
	}
	if next := p.nextAfter(end); len(lines) == 0 || int(next) < len(p.file.Text) && !p.blank(end, next) {
		return nil
	}
	for i := range lines {
		p.comments[first+i].Doc = true
	}
	return lines
}

// nextAfter returns the start of the next comment or token after a position.
func (p *parser) nextAfter(at int32) int32 {
	next := p.list.Tokens[0].Span.Start
	for _, c := range p.list.Comments {
		if c.Span.Start >= at {
			return min(next, c.Span.Start)
		}
	}
	return next
}

// blank reports whether there is an empty line between two positions.
func (p *parser) blank(from, to int32) bool {
	return strings.Count(p.file.Text[from:max(from, to)], "\n") > 1
}

// docOf returns the doc comments directly above the token at an index.
func (p *parser) docOf(i int) []string {
	if i >= p.words || !p.list.Tokens[i].Is(token.Doc) {
		return nil
	}
	next := p.list.Tokens[i].Span.Start
	var lines []string
	for at := p.commentBefore(next); at >= 0; at-- {
		c := p.list.Comments[at]
		if i > 0 && c.Span.Start < p.list.Tokens[i-1].Span.End || p.blank(c.Span.End, next) {
			break
		}
		if c.Doc {
			lines = append(lines, docLine(p.text(c.Span)))
			p.comments[at].Doc = true
		}
		next = c.Span.Start
	}
	for a, b := 0, len(lines)-1; a < b; a, b = a+1, b-1 {
		lines[a], lines[b] = lines[b], lines[a]
	}
	return lines
}

// commentBefore returns the index of the last comment that starts before a position; -1 if there is none.
func (p *parser) commentBefore(at int32) int {
	low, high := 0, len(p.list.Comments)
	for low < high {
		if mid := (low + high) / 2; p.list.Comments[mid].Span.Start < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low - 1
}

// docLine returns the text of a doc comment, without the slashes and the space after them.
func docLine(text string) string { return strings.TrimPrefix(strings.TrimPrefix(text, "///"), " ") }
