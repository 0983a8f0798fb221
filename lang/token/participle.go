package token

import (
	"io"

	"github.com/alecthomas/participle/v2/lexer"
)

// Definition makes the tokens known to participle, by the names that grammars use.
type Definition struct{}

// names are the kinds that a grammar may name; punctuation is named by its text.
var names = map[string]Kind{"Ident": Ident, "Bad": Bad, "StringStart": StringStart, "Int": Int}

// Symbols is part of lexer.Definition.
func (Definition) Symbols() map[string]lexer.TokenType {
	out := map[string]lexer.TokenType{"EOF": lexer.EOF}
	for name, k := range names {
		out[name] = typeOf(k)
	}
	return out
}

// Lex is part of lexer.Definition.
func (Definition) Lex(_ string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	list := Scan(string(text))
	return list.Stream(0, len(list.Tokens)-1), nil
}

// typeOf returns each kind a type of participle's, whose own are negative.
func typeOf(k Kind) lexer.TokenType {
	if k == EOF {
		return lexer.EOF
	}
	return lexer.TokenType(k)
}

// Stream returns the tokens from one index up to, but without, another one to participle, and then an end. Only the offset of positions is
// set.
func (l *List) Stream(from, to int) lexer.Lexer { return &stream{l, from, to} }

type stream struct {
	list     *List
	next, to int
}

// Next is part of lexer.Lexer.
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
