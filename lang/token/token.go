// Package token splits the text of a file into tokens. It never fails: text that is not a token of the language becomes
// a Bad token, and Problem says what is wrong with a token.
//
// Line breaks are white space. But every token records whether it is the first one on its line and whether white space
// precedes it, since three rules of the language depend on that. An identifier in column 1 starts a declaration, so it
// also ends an unclosed string before it: a mistake affects only its own declaration.
package token

import "github.com/livec-lang/livec/lang/source"

// Kind is a kind of token.
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
	// A string consists of StringStart, then Text and interpolations in any order, then StringEnd.
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

// Flags describe the context of a token in the text.
type Flags uint8

// The flags.
const (
	First    Flags = 1 << iota // the first token on its line
	Spaced                     // white space or a comment precedes it
	Column1                    // it starts in column 1
	Reserved                   // a word that cannot be a name
	Doc                        // a doc comment is between it and the previous token
)

// Problem is what is wrong with a token.
type Problem uint8

// The problems of tokens.
const (
	None          Problem = iota
	BadCharacter          // a character that has no meaning here
	BadUnit               // a number with an unknown unit
	BadNumber             // `_` at the end of a number, or twice in a row
	LeadingZero           // a number that starts with a superfluous zero
	OpenString            // a string that is never closed; of its StringEnd, which is empty
	OpenInterp            // an interpolation that is never closed; of the StringEnd of its string
	NestedString          // a string inside an interpolation inside a string
	OpenPattern           // a pattern that is never closed
	SingleQuote           // a string between single quotes
	ForeignLetter         // a letter outside a–z in a name
)

// Token is one token of the text.
type Token struct {
	Span    source.Span
	Kind    Kind
	Flags   Flags
	Problem Problem
}

// Is reports whether all flags in f are set.
func (t Token) Is(f Flags) bool { return t.Flags&f == f }

// Comment is a comment, from its slashes to the end of its line.
type Comment struct {
	Span source.Span
	Doc  bool // it begins with exactly three slashes and is the first thing on its line
}

// List has the tokens of a file in order, ending with EOF, and its comments.
type List struct {
	Text     string
	Tokens   []Token
	Comments []Comment
}

// Of returns the text of a token.
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

// Durations has the units of durations, in milliseconds.
var Durations = map[string]int64{"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

// Sizes has the units of sizes, in bytes.
var Sizes = map[string]int64{"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}
