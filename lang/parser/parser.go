// Package parser makes the syntax tree of a file. It first splits the file into declarations, at each word in column 1, and parses each
// declaration separately, so that a mistake does not affect other declarations. Participle grammars read declarations. They make most
// punctuation optional; missing punctuation is reported afterwards, in terms of the language. Types, expressions and bodies are parsed by
// hand: for speed, for better messages, and to continue after mistakes.
package parser

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// Parse parses a file. The tree is never nil. What could not be parsed is left out or is a Bad node, and each such
// place has a diagnostic.
func Parse(f *source.File) (*ast.File, diag.List) {
	p := &parser{file: f, list: token.Scan(f.Text)}
	p.words = len(p.list.Tokens) - 1
	p.comments = make([]ast.Comment, len(p.list.Comments))
	for i, c := range p.list.Comments {
		p.comments[i] = ast.Comment{At: ast.At{Span: c.Span}, Text: p.text(c.Span)}
	}
	out := &ast.File{Source: f, Doc: p.moduleDoc(), Comments: p.comments}
	g := borrowGrammars()
	defer g.giveBack()
	g.parser = p
	p.grammars = g
	for _, piece := range p.split() {
		out.Decls = append(out.Decls, p.declaration(piece))
	}
	out.Broken = p.found.HasErrors()
	slices.SortStableFunc(p.found, func(a, b diag.Diagnostic) int { return int(a.Primary.Span.Start - b.Primary.Span.Start) })
	return out, p.found
}

// parser is the state of parsing one file. pos and end bound the tokens of the current declaration.
type parser struct {
	file     *source.File
	list     *token.List
	words    int // tokens of the file, without the end
	comments []ast.Comment
	grammars *grammars
	found    diag.List

	lex      *lexer.PeekingLexer // participle's view of the declaration
	start    int                 // index of the declaration's first token
	pos, end int

	failed   bool          // a mistake has been reported in the part being read; further ones there most likely follow from it
	reported int           // the number of mistakes before this declaration
	silent   bool          // the declaration has a mistake that makes all others in it uncertain
	quiet    bool          // a mistake in these parameters has been reported, and one is enough
	uneven   bool          // the braces of the declaration do not match, so only one mistake in it is certain
	open     []source.Span // the open braces
	suspect  *source.Span  // a brace whose closing brace is indented less than its line, and so seems to close another one
	noBrace  bool          // a brace here begins a body, not a record
	inTest   bool
	depth    int
}

// These bounds keep all later recursive walks over a tree within the stack.
const (
	maxDepth = 200  // nested levels
	maxChain = 2000 // operators, members and stages in a row
)

func (p *parser) text(s source.Span) string { return p.file.Text[s.Start:s.End] }

// peek returns the next token. After the last token of the declaration it returns EOF.
func (p *parser) peek() token.Token { return p.peekAt(0) }

func (p *parser) peekAt(n int) token.Token {
	if i := p.pos + n; i < p.end {
		return p.list.Tokens[i]
	}
	at := p.prevEnd(p.end)
	return token.Token{Kind: token.EOF, Span: source.Span{Start: at, End: at}, Flags: token.First | token.Spaced}
}

// prevEnd returns the end of the token before an index.
func (p *parser) prevEnd(i int) int32 {
	if i == 0 {
		return 0
	}
	return p.list.Tokens[i-1].Span.End
}

// next reads a token. At the end it does not move.
func (p *parser) next() token.Token {
	t := p.peek()
	if p.pos < p.end {
		p.pos++
	}
	return t
}

// is reports whether the next token is of a kind.
func (p *parser) is(k token.Kind) bool { return p.peek().Kind == k }

// accept reads the next token if it is of a kind.
func (p *parser) accept(k token.Kind) bool {
	if p.peek().Kind != k {
		return false
	}
	p.pos++
	return true
}

// isWord reports whether a token is that word.
func (p *parser) isWord(t token.Token, word string) bool {
	return t.Kind == token.Ident && p.text(t.Span) == word
}

// acceptWord reads the next token if it is that word.
func (p *parser) acceptWord(word string) bool {
	if !p.isWord(p.peek(), word) {
		return false
	}
	p.pos++
	return true
}

// from returns the span from a start to the last token read.
func (p *parser) from(start int32) ast.At {
	return ast.At{Span: source.Span{Start: start, End: max(start, p.prevEnd(p.pos))}}
}

func (p *parser) ident(t token.Token) ast.Ident {
	return ast.Ident{At: ast.At{Span: t.Span}, Name: p.text(t.Span)}
}

// enter counts a level of nesting. If there are too many, it reports that and returns false; the caller must then stop
// reading. Every call of enter needs a call of leave.
func (p *parser) enter() bool {
	p.depth++
	if p.depth <= maxDepth {
		return true
	}
	p.tooDeep(p.peek())
	return false
}

func (p *parser) leave() { p.depth-- }

// plain runs a function in a place where braces begin records again, such as inside parentheses.
func plain[T any](p *parser, read func() T) T { return braces(p, false, read) }

// beforeBody runs a function in a place where the next brace begins a body.
func beforeBody[T any](p *parser, read func() T) T { return braces(p, true, read) }

func braces[T any](p *parser, no bool, read func() T) T {
	saved := p.noBrace
	p.noBrace = no
	out := read()
	p.noBrace = saved
	return out
}
