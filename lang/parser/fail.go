package parser

import (
	"fmt"
	"strings"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// fail reports a mistake, unless one has been reported already in the statement or member being read.
func (p *parser) fail(code diag.Code, span source.Span, message string, help ...string) {
	p.failAs(diag.Diagnostic{Code: code, Severity: diag.Error, Message: message, Primary: diag.Label{File: p.file, Span: span}, Help: help})
}

func (p *parser) failAs(d diag.Diagnostic) {
	reported := p.failed || p.silent || p.quiet
	p.failed = true
	if reported {
		return
	}
	p.found = append(p.found, d)
	p.silent = p.uneven
}

// soft reports a mistake after which reading continues normally.
func (p *parser) soft(d diag.Diagnostic) {
	if p.failed || p.silent || p.quiet {
		return
	}
	p.found = append(p.found, d)
	p.silent = p.uneven
}

// missing reports missing punctuation, with a fix that inserts it. before names the part before it.
func (p *parser) missing(what, before string) { p.missingAfter(max(0, p.pos-1), what, before) }

// missingAfter is missing after the token at an index.
func (p *parser) missingAfter(index int, what, before string) {
	span := p.list.Tokens[index].Span
	name := strings.TrimSpace(what)
	p.soft(diag.Diagnostic{
		Code: diag.CodeMissing, Severity: diag.Error, Message: fmt.Sprintf("missing `%s` after %s", name, before),
		Primary: diag.Label{File: p.file, Span: span, Text: fmt.Sprintf("add `%s` after this", name)},
		Fix: &diag.Fix{Title: fmt.Sprintf("insert `%s`", name),
			Edits: []diag.Edit{{File: p.file, Span: source.Span{Start: span.End, End: span.End}, Text: what}}},
	})
}

// unexpected reports that the next token does not fit here.
func (p *parser) unexpected(want string, help ...string) {
	t := p.peek()
	if advice := p.foreign(want, t); advice != "" {
		help = []string{advice}
	}
	switch {
	case t.Kind == token.Bad || t.Problem != token.None:
		p.badToken(t)
	case t.Kind == token.EOF && len(p.open) > 0:
		p.unclosed()
	case t.Kind == token.EOF:
		at := p.prevEnd(p.pos)
		p.fail(diag.CodeExpected, source.Span{Start: max(0, at-1), End: at}, "the declaration ends where "+want+" is expected", help...)
	case t.Is(token.First) && p.pos > p.start:
		p.fail(diag.CodeExpected, p.list.Tokens[p.pos-1].Span, "expected "+want+", found "+p.describe(t)+" on the next line", help...)
	default:
		p.fail(diag.CodeExpected, t.Span, "expected "+want+", found "+p.describe(t), help...)
	}
}

// unclosed reports that the declaration ends inside a brace. Further reports would be guesses.
func (p *parser) unclosed() {
	span := p.open[len(p.open)-1]
	if p.suspect != nil {
		span = *p.suspect
	}
	if len(p.found) > p.reported { // most likely caused by an earlier mistake
		p.silent = true
		return
	}
	p.failed = false
	p.failAs(diag.Diagnostic{
		Code: diag.CodeUnclosed, Severity: diag.Error, Message: "this `{` is never closed",
		Primary: diag.Label{File: p.file, Span: span, Text: "its `}` is missing"},
		Help:    []string{"a declaration ends at the next word in column 1; write the `}` before it"},
	})
	p.silent = true
}

// badToken reports what is wrong with a token.
func (p *parser) badToken(t token.Token) {
	text := p.text(t.Span)
	switch t.Problem {
	case token.BadUnit:
		p.fail(diag.CodeNumber, t.Span, "`"+text+"` is not a number",
			"a duration ends in ms, s, m, h or d, a size in kb, mb or gb; a number with a decimal point takes no unit")
	case token.BadNumber:
		p.fail(diag.CodeNumber, t.Span, "`"+text+"` is not a number", "write `_` between two digits, as in 1_000")
	case token.LeadingZero:
		p.fail(diag.CodeNumber, t.Span, "`"+text+"` is not a number", "remove the leading zero")
	case token.OpenString:
		p.fail(diag.CodeOpenString, p.stringBefore(), "this string is never closed",
			`close it with " on the same line; a string between """ and """ may have several lines, all of them indented`)
	case token.OpenInterp:
		p.fail(diag.CodeOpenString, p.stringBefore(), "an interpolation in this string is never closed",
			"write `\\{` for a brace; an interpolation cannot contain a string: name the string with `let` first")
	case token.NestedString:
		p.fail(diag.CodeOpenString, t.Span, "an interpolation cannot contain a string",
			"name the string with `let` first, and interpolate the name")
	case token.OpenPattern:
		p.fail(diag.CodePattern, t.Span, "this pattern is never closed",
			"write a pattern between slashes on one line, with `\\/` for a slash in it")
	case token.SingleQuote:
		d := diag.Diagnostic{Code: diag.CodeCharacter, Severity: diag.Error, Message: "strings use double quotes",
			Primary: diag.Label{File: p.file, Span: t.Span}}
		if len(text) > 1 {
			d.Fix = &diag.Fix{Title: "use double quotes", Edits: []diag.Edit{
				{File: p.file, Span: source.Span{Start: t.Span.Start, End: t.Span.Start + 1}, Text: `"`},
				{File: p.file, Span: source.Span{Start: t.Span.End - 1, End: t.Span.End}, Text: `"`},
			}}
		}
		p.failAs(d)
	case token.ForeignLetter:
		p.fail(diag.CodeCharacter, t.Span, "`"+text+"` is not a name",
			"use only the letters a to z, digits and `_` in names; a string may contain anything")
	default:
		p.badCharacter(t, text)
	}
}

func (p *parser) badCharacter(t token.Token, text string) {
	switch text {
	case ";":
		p.failAs(diag.Diagnostic{
			Code: diag.CodeCharacter, Severity: diag.Error, Message: "`;` is not part of the language",
			Primary: diag.Label{File: p.file, Span: t.Span},
			Fix:     &diag.Fix{Title: "remove it", Edits: []diag.Edit{{File: p.file, Span: t.Span}}},
		})
	case "&":
		p.fail(diag.CodeCharacter, t.Span, "`&` has no meaning here", "write `&&` for \"and\"")
	case "#":
		p.fail(diag.CodeCharacter, t.Span, "`#` has no meaning here", "start a comment with `//`")
	default:
		p.fail(diag.CodeCharacter, t.Span, fmt.Sprintf("the character %q has no meaning here", text))
	}
}

// stringBefore returns the span of the string that the next token ends, up to the end of its first line.
func (p *parser) stringBefore() source.Span {
	end := p.peek().Span.End
	for i := p.pos; i >= p.start; i-- {
		if t := p.list.Tokens[i]; t.Kind == token.StringStart {
			for at := t.Span.Start; at < end; at++ {
				if p.file.Text[at] == '\n' {
					end = at
				}
			}
			return source.Span{Start: t.Span.Start, End: end}
		}
	}
	return p.peek().Span
}

// describe returns a description of a token for messages.
func (p *parser) describe(t token.Token) string {
	switch {
	case t.Kind == token.EOF:
		return "the end of the declaration"
	case t.Kind == token.StringStart, t.Kind == token.Text:
		return "a string"
	case t.Is(token.Reserved):
		return "the word `" + p.text(t.Span) + "`"
	}
	return "`" + p.text(t.Span) + "`"
}

// tooDeep reports code that is nested too deeply, or a chain that is too long.
func (p *parser) tooDeep(t token.Token) {
	p.fail(diag.CodeTooDeep, t.Span, fmt.Sprintf("this is nested too deeply: more than %d levels, or a chain of more than %d", maxDepth,
		maxChain), "name parts of it with `let`, or move them into a function")
	p.silent = true
	p.pos = p.end
}

// expect reads a token of a kind, or reports that it is missing.
func (p *parser) expect(k token.Kind, want string) bool {
	if p.accept(k) {
		return true
	}
	p.unexpected(want)
	return false
}

// name reads a name. A reserved word is reported and used as the name.
func (p *parser) name(want string) ast.Ident {
	t := p.peek()
	if t.Kind != token.Ident {
		p.unexpected(want)
		return ast.Ident{At: ast.At{Span: source.Span{Start: t.Span.Start, End: t.Span.Start}}}
	}
	if t.Is(token.Reserved) {
		p.fail(diag.CodeReserved, t.Span, "`"+p.text(t.Span)+"` is a word of the language and cannot be a name")
	}
	p.pos++
	return p.ident(t)
}

// word reads a name in a place that allows any word: after `.` and before `:`.
func (p *parser) word(want string) ast.Ident {
	t := p.peek()
	if t.Kind != token.Ident {
		p.unexpected(want)
		return ast.Ident{At: ast.At{Span: source.Span{Start: t.Span.Start, End: t.Span.Start}}}
	}
	p.pos++
	return p.ident(t)
}

// twice reports a part that appears a second time although it is allowed once.
func (p *parser) twice(span source.Span, what string, first source.Span) {
	p.soft(diag.Diagnostic{
		Code: diag.CodeRepeated, Severity: diag.Error, Message: "`" + what + "` appears twice",
		Primary:   diag.Label{File: p.file, Span: span, Text: "the second"},
		Secondary: []diag.Label{{File: p.file, Span: first, Text: "the first"}},
		Help:      []string{"keep one of them"},
	})
}

// wordHere is word, but leaves a word on the next line that begins a statement or another member.
func (p *parser) wordHere(want string) ast.Ident {
	if t := p.peek(); t.Is(token.First) && (t.Is(token.Reserved) || strings.ToUpper(p.text(t.Span)) != p.text(t.Span)) {
		p.unexpected(want)
		return ast.Ident{At: ast.At{Span: source.Span{Start: t.Span.Start, End: t.Span.Start}}}
	}
	return p.word(want)
}
