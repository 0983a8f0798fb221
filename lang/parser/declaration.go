package parser

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/livec-lang/livec/internal/spelling"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// keywords has the declarations by their first word.
var keywords map[string]func(*parser) ast.Decl

func init() {
	keywords = map[string]func(*parser) ast.Decl{
		"aggregate":  (*parser).aggregate,
		"app":        (*parser).app,
		"channel":    (*parser).channel,
		"cron":       (*parser).cron,
		"effect":     (*parser).effect,
		"env":        (*parser).env,
		"extern":     (*parser).extern,
		"fn":         (*parser).fn,
		"guard":      (*parser).guard,
		"middleware": (*parser).middleware,
		"migrate":    (*parser).migrate,
		"pipe":       (*parser).pipe,
		"room":       (*parser).room,
		"rpc":        (*parser).rpc,
		"signal":     (*parser).signal,
		"stream":     (*parser).stream,
		"table":      (*parser).table,
		"test":       (*parser).test,
		"type":       (*parser).typeDecl,
		"upgrade":    (*parser).upgrade,
		"use":        (*parser).use,
		"webhook":    (*parser).webhook,
	}
}

// Keywords returns the first words of declarations, sorted.
func Keywords() []string {
	out := make([]string, 0, len(keywords))
	for word := range keywords {
		out = append(out, word)
	}
	slices.Sort(out)
	return out
}

// declaration reads one piece of the file.
func (p *parser) declaration(at piece) ast.Decl {
	p.start, p.pos, p.end = at.from, at.from, at.to
	p.failed, p.silent, p.noBrace, p.inTest = false, false, false, false
	p.uneven, p.suspect = at.uneven, nil
	p.open, p.depth, p.reported = p.open[:0], 0, len(p.found)
	first := p.peek()
	word := p.text(first.Span)
	read := keywords[word]
	if first.Kind != token.Ident || !first.Is(token.Column1) || read == nil {
		return p.noDeclaration(first, word, read != nil)
	}
	// The stream never fails, so neither does Upgrade.
	p.lex, _ = lexer.Upgrade(p.list.Stream(p.start, p.end))
	d := read(p)
	if p.pos < p.end {
		p.after("the end of the declaration")
	}
	if !p.failed && !p.silent {
		return d
	}
	bad := &ast.BadDecl{Head: p.head(p.start, nil), Word: word}
	if name := d.Named(); name != nil {
		bad.Name = *name
	}
	p.unreadName(bad)
	return bad
}

// head returns what all declarations have in common. The declaration starts with the token at an index and ends with the last token read.
func (p *parser) head(start int, name *nameSyntax) ast.Head {
	return ast.Head{At: p.from(p.list.Tokens[start].Span.Start), Doc: p.docOf(start), Name: name.ident()}
}

// named is head for declarations that must have a name.
func (p *parser) named(start int, name *nameSyntax) ast.Head {
	h := p.head(start, name)
	switch {
	case name == nil:
		word := p.text(p.list.Tokens[start].Span)
		p.failAt(start, "this `"+word+"` has no name", "write one after `"+word+"`")
	case token.IsReserved(name.Text):
		p.fail(diag.CodeReserved, h.Name.Span, "`"+name.Text+"` is a word of the language and cannot be a name")
	}
	return h
}

// lacks reports that a declaration has no such part, and what to write. If there is something else in its place, it reports that instead.
func (p *parser) lacks(start int, what, write string) {
	switch {
	case p.pos < p.end:
		p.leftover(write)
	case len(p.open) > 0:
		p.unclosed()
	default:
		word := p.list.Tokens[start].Span
		p.fail(diag.CodeMissing, word, "this `"+p.text(word)+"` has no "+what, "write "+write)
	}
}

// leftover reports a token that does not continue the declaration.
func (p *parser) leftover(what string) {
	t := p.peek()
	if t.Kind == token.Ident && !p.isKeywordLine(t) {
		word := p.text(t.Span)
		d := diag.Diagnostic{Code: diag.CodeExpected, Severity: diag.Error, Message: "expected " + what + ", found " + p.describe(t),
			Primary: diag.Label{File: p.file, Span: t.Span}}
		if near, ok := spelling.Suggest(word, clauseWords); ok {
			d.Help = []string{"did you mean `" + near + "`?"}
			d.Fix = &diag.Fix{Title: "write `" + near + "`", Edits: []diag.Edit{{File: p.file, Span: t.Span, Text: near}}}
		} else if advice := p.foreign(what, t); advice != "" {
			d.Help = []string{advice}
		}
		p.failAs(d)
		return
	}
	p.after(what)
}

// after reports a token that must not follow.
func (p *parser) after(want string) {
	t := p.peek()
	switch {
	case t.Kind == token.RBrace && len(p.open) == 0:
		p.fail(diag.CodeExpected, t.Span, "this `}` has no matching `{`", "remove it, or look for an extra `}` above")
	case p.isKeywordLine(t):
		p.failAs(p.indented(t))
	default:
		p.unexpected(want)
	}
}

// isKeywordLine reports whether a token looks like the start of a declaration that is not in column 1.
func (p *parser) isKeywordLine(t token.Token) bool {
	return t.Kind == token.Ident && t.Is(token.First) && !t.Is(token.Column1) && keywords[p.text(t.Span)] != nil && len(p.open) == 0
}

func (p *parser) indented(t token.Token) diag.Diagnostic {
	column := int32(p.column(t))
	return diag.Diagnostic{
		Code: diag.CodeColumn, Severity: diag.Error, Message: "a declaration starts in column 1", Primary: diag.Label{File: p.file, Span: t.Span},
		Fix: &diag.Fix{Title: "remove the white space in front of it",
			Edits: []diag.Edit{{File: p.file, Span: source.Span{Start: t.Span.Start - column, End: t.Span.Start}}}},
	}
}

// noDeclaration reports a piece that does not start like a declaration.
func (p *parser) noDeclaration(first token.Token, word string, known bool) ast.Decl {
	p.pos = p.end
	bad := &ast.BadDecl{Head: p.head(p.start, nil), Word: word}
	p.pos = p.start
	switch {
	case first.Kind == token.Ident && known && first.Is(token.First):
		p.failAs(p.indented(first))
	case first.Kind == token.Ident:
		if next := p.peekAt(1); next.Kind == token.Ident {
			bad.Name = p.ident(next)
		}
		p.unknownWord(first, word)
	case first.Kind == token.Bad:
		p.badToken(first)
	default:
		p.fail(diag.CodeDeclaration, first.Span, "expected a declaration, found "+p.describe(first),
			"a declaration starts with a word in column 1, such as `rpc` or `table`")
	}
	return bad
}

func (p *parser) unknownWord(t token.Token, word string) {
	d := diag.Diagnostic{Code: diag.CodeDeclaration, Severity: diag.Error, Message: "unknown declaration `" + word + "`",
		Primary: diag.Label{File: p.file, Span: t.Span}}
	other := map[string]string{
		"function": "fn", "func": "fn", "def": "fn", "model": "table", "interface": "type", "enum": "type", "record": "type", "struct": "type",
		"query": "stream", "live": "stream", "mutation": "rpc", "procedure": "rpc", "job": "cron",
	}
	near, ok := other[word], other[word] != ""
	if !ok {
		near, ok = spelling.Suggest(word, Keywords())
	}
	switch {
	case otherWords[word] != "":
		d.Help = []string{otherWords[word]}
	case ok:
		d.Help = []string{"did you mean `" + near + "`?"}
		d.Fix = &diag.Fix{Title: "write `" + near + "`", Edits: []diag.Edit{{File: p.file, Span: t.Span, Text: near}}}
	case t.Is(token.Reserved):
		d.Message = "`" + word + "` is in column 1, where only declarations start"
		d.Help = []string{"put statements in the body of a declaration, such as an rpc, and indent them"}
	default:
		d.Help = []string{"a declaration starts with one of: " + strings.Join(Keywords(), ", ")}
	}
	p.failAs(d)
}
