// Package token cuts the text of a file into words. It never fails: what is no word of the language becomes a Bad token, and what is wrong
// with a word stands in its Problem.
//
// Line breaks are white space, but every token remembers whether it is the first one on its line and whether white space stands before it,
// since three rules of the language ask for that. An identifier in column 1 starts a declaration, so it also ends whatever string was left
// open before it: a mistake stays in its own declaration.
package token

import "github.com/livec-lang/livec/lang/source"

// Kind is what a token is.
type Kind uint8

// The kinds of tokens.
const (
	EOF Kind = iota
	Bad
	Ident
	Int
	Float
	Duration // 500ms
	Size     // 64kb
	Pattern  // /^[a-z]+$/, with its slashes
	// A string is StringStart, then Text and interpolations in any order, then StringEnd.
	StringStart // " or """
	Text        // as written, with its escapes
	InterpStart // {
	InterpEnd   // }
	StringEnd

	LParen
	RParen
	LBracket
	RBracket
	LBrace
	RBrace
	Comma
	Colon
	Dot
	Range     // ..
	Spread    // ...
	Arrow     // ->
	FatArrow  // =>
	Assign    // =
	Equal     // ==
	NotEqual  // !=
	Less      // <
	LessEq    // <=
	Greater   // >
	GreaterEq // >=
	Plus      // +
	Minus     // -
	Star      // *
	Slash     // /
	Percent   // %
	Not       // !
	And       // &&
	Or        // ||
	Coalesce  // ??
	Safe      // ?.
	Question  // ?
	Pipe      // |

)

// Flags tell how a token stands in the text.
type Flags uint8

// The flags.
const (
	First    Flags = 1 << iota // it is the first token on its line
	Spaced                     // white space or a comment stands before it
	Column1                    // it stands in column 1
	Reserved                   // it is a word that cannot be a name
	Doc                        // a doc comment stands between it and the token before it
)

// Problem is what is wrong with a token.
type Problem uint8

// The problems of tokens.
const (
	None          Problem = iota
	BadCharacter          // a character that means nothing here
	BadUnit               // a number with an unknown unit
	BadNumber             // `_` at the end of a number, or twice in a row
	LeadingZero           // a number that starts with a zero it does not need
	OpenString            // a string that is never closed; of its StringEnd, which is empty
	OpenInterp            // an interpolation that is never closed; of the StringEnd of its string
	NestedString          // a string inside an interpolation inside a string
	OpenPattern           // a pattern that is never closed
	SingleQuote           // a string between single quotes
	ForeignLetter         // a letter outside a–z in a name
)

// Token is one word of the text.
type Token struct {
	Span    source.Span
	Kind    Kind
	Flags   Flags
	Problem Problem
}

// Is reports whether all of the given flags are set.
func (t Token) Is(f Flags) bool { return t.Flags&f == f }

// Comment is a comment, from its slashes to the end of its line.
type Comment struct {
	Span source.Span
	Doc  bool // it begins with exactly three slashes and is the first thing on its line
}

// List is the words of a file in order, EOF last, and its comments.
type List struct {
	Text     string
	Tokens   []Token
	Comments []Comment
}

// Of is the text of a token.
func (l *List) Of(t Token) string { return l.Text[t.Span.Start:t.Span.End] }

// IsReserved reports whether a word cannot be a name.
func IsReserved(word string) bool {
	switch word {
	case "let", "return", "if", "then", "else", "for", "in", "is", "as", "match", "require", "fail", "insert", "update", "upsert", "delete",
		"publish", "signal", "null", "true", "false":
		return true
	}
	return false
}

// Durations are the units of durations, with their length in milliseconds.
var Durations = map[string]int64{"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

// Sizes are the units of sizes, with their length in bytes.
var Sizes = map[string]int64{"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}
