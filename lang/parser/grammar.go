package parser

import (
	"reflect"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// grammars has a participle parser for each kind of declaration, which is built when it is first needed. For the parts
// that are parsed by hand they call the parser that currently uses them.
type grammars struct {
	parser *parser
	built  map[reflect.Type]any
	hand   []participle.Option
}

// idle has grammars that are not in use. Building them takes as long as reading a long file.
var idle = sync.Pool{New: func() any {
	g := &grammars{built: map[reflect.Type]any{}}
	g.hand = []participle.Option{
		participle.Lexer(token.Definition{}),
		byHand(g, (*parser).resultType),
		byHand(g, (*parser).clause),
		byHand(g, (*parser).declValue),
		byHand(g, optional(token.LParen, (*parser).params)),
		byHand(g, optional(token.LBrace, (*parser).block)),
		byHand(g, optional(token.LBrace, (*parser).bracedFields)),
		byHand(g, optional(token.StringStart, (*parser).stringLit)),
		byHand(g, optional(token.LBrace, (*parser).tableBody)),
		byHand(g, optional(token.LBrace, (*parser).roomBody)),
		byHand(g, optional(token.LBrace, (*parser).aggregateBody)),
		byHand(g, optional(token.LBrace, (*parser).migrateBody)),
		byHand(g, optional(token.LBrace, (*parser).appBody)),
		byHand(g, optional(token.LBrace, (*parser).useNames)),
		byHand(g, optional(token.Ident, (*parser).modulePath)),
		byHand(g, optional(token.Ident, (*parser).eventRef)),
		byHand(g, optional(token.Ident, (*parser).guardUses)),
		byHand(g, optional(token.Ident, (*parser).stages)),
		byHand(g, optional(token.LParen, (*parser).streamArgs)),
		byHand(g, optional(token.Int, (*parser).version)),
		byHand(g, (*parser).every),
	}
	return g
}}

func borrowGrammars() *grammars { return idle.Get().(*grammars) }

func (g *grammars) giveBack() {
	g.parser = nil
	idle.Put(g)
}

// node is the interface by which a grammar holds something that is parsed by hand.
type node[T any] interface{ held() T }

type holder[T any] struct{ v T }

func (h holder[T]) held() T { return h.v }

// of returns what a node holds; the zero value if that part of the text is missing.
func of[T any](n node[T]) (v T) {
	if n != nil {
		v = n.held()
	}
	return v
}

// optional returns a function for grammars that reads a part by hand if the next token is of a kind.
func optional[T any](k token.Kind, read func(*parser) T) func(*parser) (node[T], bool) {
	return func(p *parser) (node[T], bool) {
		if !p.is(k) {
			return nil, false
		}
		return holder[T]{read(p)}, true
	}
}

// byHand adds a function that reads by hand to the grammars.
func byHand[T any](g *grammars, read func(*parser) (T, bool)) participle.Option {
	return participle.ParseTypeWith(func(lex *lexer.PeekingLexer) (T, error) {
		p := g.parser
		outer := p.lex
		p.lex, p.pos = lex, p.start+lex.Cursor()
		v, ok := read(p)
		p.lex = outer
		if !ok {
			return v, participle.NextMatch
		}
		lex.FastForward(lexer.RawCursor(p.pos - p.start - 1))
		return v, nil
	})
}

// read reads what a grammar describes, beginning with the next token. It may leave tokens unread.
func read[S any](p *parser) *S {
	key := reflect.TypeFor[S]()
	grammar, ok := p.grammars.built[key].(*participle.Parser[S])
	if !ok {
		grammar = participle.MustBuild[S](p.grammars.hand...)
		p.grammars.built[key] = grammar
	}
	p.lex.FastForward(lexer.RawCursor(p.pos - p.start - 1))
	s, err := grammar.ParseFromLexer(p.lex, participle.AllowTrailing(true))
	p.pos = p.start + p.lex.Cursor()
	if err != nil {
		p.unexpected("another part of this declaration")
	}
	return s
}

// nameSyntax is a name in a grammar.
type nameSyntax struct {
	Pos  lexer.Position
	Text string `parser:"@Ident"`
}

// ident returns the name; an empty one if it is missing.
func (n *nameSyntax) ident() ast.Ident {
	if n == nil {
		return ast.Ident{}
	}
	start := int32(n.Pos.Offset)
	return ast.Ident{At: ast.At{Span: source.Span{Start: start, End: start + int32(len(n.Text))}}, Name: n.Text}
}
