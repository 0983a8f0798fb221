package parser

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// maxInt is the largest integer that is exact in Go, SQL and TypeScript.
const maxInt = 1<<53 - 1

// numberLit reads a number, a duration or a size.
func (p *parser) numberLit() ast.Expr {
	t := p.next()
	text := p.text(t.Span)
	at := ast.At{Span: t.Span}
	plain := strings.ReplaceAll(text, "_", "")
	switch t.Kind {
	case token.Float:
		v, err := strconv.ParseFloat(plain, 64)
		if err != nil {
			p.outOfRange(t)
		}
		return &ast.FloatLit{At: at, Value: v, Text: text}
	case token.Duration:
		return &ast.DurationLit{At: at, Value: p.withUnit(t, plain, token.Durations), Text: text}
	case token.Size:
		return &ast.SizeLit{At: at, Value: p.withUnit(t, plain, token.Sizes), Text: text}
	}
	v, err := strconv.ParseInt(plain, 10, 64)
	if err != nil || v > maxInt {
		p.outOfRange(t)
		v = 0
	}
	return &ast.IntLit{At: at, Value: v, Text: text}
}

// withUnit returns the value of a number with a unit.
func (p *parser) withUnit(t token.Token, text string, units map[string]int64) int64 {
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz")
	unit := units[text[len(number):]]
	v, err := strconv.ParseInt(number, 10, 64)
	if err != nil || v > maxInt/unit {
		p.outOfRange(t)
		return 0
	}
	return v * unit
}

func (p *parser) outOfRange(t token.Token) {
	failed := p.failed
	p.fail(diag.CodeNumberRange, t.Span, "`"+p.text(t.Span)+"` is too large", "numbers are exact up to 9007199254740991 (2⁵³−1)")
	p.failed = failed // the text after it can still be parsed
}

// stringLit reads a string with its interpolations.
func (p *parser) stringLit() *ast.StringLit {
	first := p.next()
	out := &ast.StringLit{Multi: first.Span.End-first.Span.Start == 3}
	for {
		t := p.peek()
		switch t.Kind {
		case token.Text:
			p.next()
			out.Parts = append(out.Parts, ast.StringPart{At: ast.At{Span: t.Span}, Text: p.text(t.Span)})
		case token.InterpStart:
			p.next()
			out.Parts = append(out.Parts, p.interpolation(t.Span))
			if p.failed {
				p.skipString()
				out.At = p.from(first.Span.Start)
				return out
			}
		default:
			if t.Kind == token.StringEnd && t.Problem == token.None {
				p.next()
			} else if p.unexpected("the end of the string"); t.Kind == token.StringEnd {
				p.next()
			}
			out.At = p.from(first.Span.Start)
			p.textParts(out)
			return out
		}
	}
}

func (p *parser) interpolation(open source.Span) ast.StringPart {
	if p.is(token.InterpEnd) {
		p.fail(diag.CodeExpected, source.Span{Start: open.Start, End: p.peek().Span.End}, "this interpolation is empty",
			"write a value between the braces, or `\\{}` for braces")
		return ast.StringPart{At: ast.At{Span: open}, X: p.bad()}
	}
	x := plain(p, p.expr)
	p.expect(token.InterpEnd, "`}` after the value")
	return ast.StringPart{At: p.from(open.Start), X: x}
}

// skipString skips to the end of the current string.
func (p *parser) skipString() {
	for p.pos < p.end {
		switch p.list.Tokens[p.pos].Kind {
		case token.StringEnd:
			p.pos++
			return
		case token.StringStart:
			return
		}
		p.pos++
	}
}

// textParts removes the indentation of a multi-line string, and resolves escapes.
func (p *parser) textParts(s *ast.StringLit) {
	if s.Multi {
		unindent(s.Parts)
	}
	kept := s.Parts[:0]
	for _, part := range s.Parts {
		if part.X == nil {
			part.Text = p.unescape(part.Text, part.Span.Start)
			if part.Text == "" {
				continue
			}
		}
		kept = append(kept, part)
	}
	s.Parts = kept
}

// unindent removes the line break after the opening quotes, the line break before the closing quotes, and the
// indentation of the closing quotes from every line.
func unindent(parts []ast.StringPart) {
	for i := range parts {
		parts[i].Text = strings.ReplaceAll(parts[i].Text, "\r\n", "\n")
	}
	n := len(parts) - 1
	if n < 0 {
		return
	}
	indent := ""
	if last := &parts[n]; last.X == nil {
		if at := strings.LastIndexByte(last.Text, '\n'); at >= 0 && strings.Trim(last.Text[at:], "\n \t") == "" {
			indent, last.Text = last.Text[at:], last.Text[:at]
			if at == 0 && n == 0 { // the quotes are on separate lines with nothing in between
				return
			}
		}
	}
	if first := &parts[0]; first.X == nil {
		if head, rest, ok := strings.Cut(first.Text, "\n"); ok && strings.Trim(head, " \t") == "" {
			first.Text = strings.TrimPrefix("\n"+rest, indent)
			if indent == "" || first.Text == "\n"+rest {
				first.Text = rest
			}
		} else if !ok && strings.Trim(head, " \t") == "" && indent != "" && n == 0 {
			first.Text = ""
		}
	}
	if indent == "" {
		return
	}
	for i := range parts {
		parts[i].Text = strings.ReplaceAll(parts[i].Text, indent, "\n")
	}
}

// unescape resolves the escapes in a text. offset is the position of the text.
func (p *parser) unescape(text string, offset int32) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			i++
			continue
		}
		n := 2
		switch c := text[i+1]; c {
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 'r':
			out.WriteByte('\r')
		case '\\', '"', '{', '}':
			out.WriteByte(c)
		case 'u':
			r, size := unicodeEscape(text[i:])
			if size == 0 {
				p.badEscape(text[i:], offset+int32(i))
				break
			}
			n = size
			out.WriteRune(r)
		default:
			p.badEscape(text[i:], offset+int32(i))
		}
		i += n
	}
	return out.String()
}

// unicodeEscape reads `\u{1F600}`. size is 0 if the text is something else.
func unicodeEscape(text string) (r rune, size int) {
	end := strings.IndexByte(text, '}')
	if end < 4 || text[2] != '{' {
		return 0, 0
	}
	v, err := strconv.ParseUint(text[3:end], 16, 32)
	if err != nil || !utf8.ValidRune(rune(v)) || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), end + 1
}

func (p *parser) badEscape(text string, offset int32) {
	_, width := utf8.DecodeRuneInString(text[1:])
	failed := p.failed
	p.fail(diag.CodeEscape, source.Span{Start: offset, End: offset + 1 + int32(width)}, "`"+text[:1+width]+"` is not an escape",
		"the escapes are \\n \\t \\r \\\\ \\\" \\{ \\} and \\u{1F600}")
	p.failed = failed
}
