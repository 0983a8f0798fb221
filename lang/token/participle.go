package token

import (
	"io"

	"github.com/alecthomas/participle/v2/lexer"
)

// Definition provides the tokens to participle, with the names that grammars use.
type Definition struct{}

// names are the kinds that a grammar can name. Punctuation is named by its text.
var names = map[string]Kind{"Ident": Ident, "Bad": Bad, "StringStart": StringStart, "Int": Int}

// Symbols implements lexer.Definition.
func (Definition) Symbols() map[string]lexer.TokenType {
	out := map[string]lexer.TokenType{"EOF": lexer.EOF}
	for name, k := range names {
		out[name] = typeOf(k)
	}
	return out
}

// Lex implements lexer.Definition.
func (Definition) Lex(_ string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	list := Scan(string(text))
	return list.Stream(0, len(list.Tokens)-1), nil
}

// typeOf returns the participle type of a kind. Participle's own types are negative.
func typeOf(k Kind) lexer.TokenType {
	if k == EOF {
		return lexer.EOF
	}
	return lexer.TokenType(k)
}

// Stream returns a participle lexer for the tokens from one index (inclusive) to another (exclusive), followed by EOF.
// Positions have only an offset.
func (l *List) Stream(from, to int) lexer.Lexer { return &stream{l, from, to} }

type stream struct {
	list     *List
	next, to int
}

// Next implements lexer.Lexer.
func (s *stream) Next() (lexer.Token, error) {
	if s.next >= s.to {
		end := 0
		if s.to > 0 {
			end = int(s.list.Tokens[s.to-1].Span.End)
		}
		return lexer.EOFToken(lexer.Position{Offset: end}), nil
	}
	t := s.list.Tokens[s.next]
	s.next++
	return lexer.Token{Type: typeOf(t.Kind), Value: s.list.Of(t), Pos: lexer.Position{Offset: int(t.Span.Start)}}, nil
}
