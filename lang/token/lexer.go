package token

import (
	"unicode"
	"unicode/utf8"

	"github.com/livec-lang/livec/lang/source"
)

// Scan splits a text into tokens. The text must be at most 2 GiB long. Bytes that are not valid UTF-8 become Bad tokens.
func Scan(text string) *List {
	l := &scanner{text: text, out: &List{Text: text, Tokens: make([]Token, 0, len(text)/4+8)}, flags: First}
	for l.pos < len(text) {
		if l.quote != 0 && !l.interp {
			l.stringText()
		} else {
			l.code()
		}
	}
	if l.quote != 0 {
		l.closeString()
	}
	l.emit(EOF, l.pos, None)
	return l.out
}

type scanner struct {
	text  string
	pos   int
	out   *List
	flags Flags // of the next token
	docs  bool  // a doc comment was read since the last token

	quote  int  // length of the quotes of the open string, 1 or 3; 0 outside of strings
	interp bool // in an interpolation of that string
	braces int  // open braces in that interpolation
}

// emit adds the token from start to the current position.
func (l *scanner) emit(k Kind, start int, p Problem) {
	f := l.flags
	if start == 0 || l.text[start-1] == '\n' {
		f |= Column1
	}
	if l.docs {
		f |= Doc
	}
	if k == Ident && IsReserved(l.text[start:l.pos]) {
		f |= Reserved
	}
	l.out.Tokens = append(l.out.Tokens, Token{source.Span{Start: int32(start), End: int32(l.pos)}, k, f, p})
	l.flags, l.docs = 0, false
}

// at returns the byte n positions ahead; 0 after the end.
func (l *scanner) at(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// code reads white space, a comment or one token outside of string text.
func (l *scanner) code() {
	c := l.text[l.pos]
	switch {
	case c == '\n':
		if l.quote == 1 { // a string ends with its line
			l.closeString()
			return
		}
		l.pos++
		l.flags = First | Spaced
	case c == ' ' || c == '\t' || c == '\r':
		l.pos++
		l.flags |= Spaced
	case isLetter(c):
		l.word()
	case isDigit(c):
		l.number()
	case c == '"':
		l.openString()
	case c == '/' && l.at(1) == '/' && l.quote == 0:
		l.comment()
	case c == '/' && l.operandMissing() && l.at(1) != ' ':
		l.pattern()
	default:
		l.punctuation(c)
	}
}

// word reads an identifier. If it is in column 1, it ends an unclosed string.
func (l *scanner) word() {
	if l.quote != 0 && l.pos > 0 && l.text[l.pos-1] == '\n' {
		l.closeString()
		return
	}
	start := l.pos
	for isLetter(l.at(0)) || isDigit(l.at(0)) {
		l.pos++
	}
	if r, _ := utf8.DecodeRuneInString(l.text[l.pos:]); r >= utf8.RuneSelf && unicode.IsLetter(r) {
		l.foreignWord(start)
		return
	}
	l.emit(Ident, start, None)
}

// foreignWord reads the rest of a name with letters outside a–z, so that it is reported once and not for each letter.
func (l *scanner) foreignWord(start int) {
	for l.pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[l.pos:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			break
		}
		l.pos += n
	}
	l.emit(Bad, start, ForeignLetter)
}

func (l *scanner) comment() {
	start := l.pos
	for l.pos < len(l.text) && l.text[l.pos] != '\n' {
		l.pos++
	}
	end := l.pos
	for end > start && (l.text[end-1] == ' ' || l.text[end-1] == '\t' || l.text[end-1] == '\r') {
		end--
	}
	body := l.text[start:end]
	doc := l.flags&First != 0 && len(body) >= 3 && body[2] == '/' && (len(body) == 3 || body[3] != '/')
	l.out.Comments = append(l.out.Comments, Comment{source.Span{Start: int32(start), End: int32(end)}, doc})
	l.docs = l.docs || doc
	l.flags |= Spaced
}

// number reads a number, with its unit if it has one.
func (l *scanner) number() {
	start, kind, problem := l.pos, Int, None
	l.digits()
	if l.at(0) == '.' && isDigit(l.at(1)) {
		kind = Float
		l.pos++
		l.digits()
	}
	if l.text[start] == '0' && start+1 < len(l.text) && (isDigit(l.text[start+1]) || l.text[start+1] == '_') {
		problem = LeadingZero
	}
	if l.text[l.pos-1] == '_' {
		problem = BadNumber
	}
	for i := start + 1; i < l.pos; i++ {
		if l.text[i] == '_' && l.text[i-1] == '_' {
			problem = BadNumber
		}
	}
	unit := l.pos
	for isLetter(l.at(0)) || isDigit(l.at(0)) {
		l.pos++
	}
	if word := l.text[unit:l.pos]; word != "" {
		switch {
		case kind == Int && Durations[word] != 0:
			kind = Duration
		case kind == Int && Sizes[word] != 0:
			kind = Size
		default:
			problem = BadUnit
		}
	}
	if problem != None {
		kind = Bad
	}
	l.emit(kind, start, problem)
}

func (l *scanner) digits() {
	for isDigit(l.at(0)) || l.at(0) == '_' {
		l.pos++
	}
}

// operandMissing reports whether a `/` cannot be a division, since there is no operand before it.
func (l *scanner) operandMissing() bool {
	n := len(l.out.Tokens)
	return n > 0 && (l.out.Tokens[n-1].Kind == LParen || l.out.Tokens[n-1].Kind == Comma) && l.quote == 0
}

func (l *scanner) pattern() {
	start := l.pos
	for l.pos++; l.pos < len(l.text) && l.text[l.pos] != '\n'; l.pos++ {
		switch l.text[l.pos] {
		case '\\':
			if next := l.at(1); next != 0 && next != '\n' {
				l.pos++
			}
		case '/':
			l.pos++
			l.emit(Pattern, start, None)
			return
		}
	}
	l.emit(Bad, start, OpenPattern)
}

// pairs are the tokens with two characters.
var pairs = map[[2]byte]Kind{
	{'-', '>'}: Arrow, {'=', '>'}: FatArrow, {'=', '='}: Equal, {'!', '='}: NotEqual, {'<', '='}: LessEq, {'>', '='}: GreaterEq,
	{'&', '&'}: And, {'|', '|'}: Or, {'?', '?'}: Coalesce, {'?', '.'}: Safe, {'.', '.'}: Range,
}

// singles are the tokens with one character; zero for all other characters.
var singles = [128]Kind{
	'(': LParen, ')': RParen, '[': LBracket, ']': RBracket, '{': LBrace, '}': RBrace, ',': Comma, ':': Colon, '.': Dot, '=': Assign,
	'<': Less, '>': Greater, '+': Plus, '-': Minus, '*': Star, '/': Slash, '%': Percent, '!': Not, '?': Question, '|': Pipe,
}

func (l *scanner) punctuation(c byte) {
	start := l.pos
	if isPair(c) {
		if k, ok := pairs[[2]byte{c, l.at(1)}]; ok {
			l.pos += 2
			if k == Range && l.at(0) == '.' {
				l.pos++
				k = Spread
			}
			l.emit(k, start, None)
			return
		}
	}
	if c < utf8.RuneSelf && singles[c] != 0 {
		l.pos++
		l.emit(l.brace(singles[c]), start, None)
		return
	}
	r, n := utf8.DecodeRuneInString(l.text[l.pos:])
	if unicode.IsLetter(r) {
		l.foreignWord(start)
		return
	}
	l.pos += n
	problem := BadCharacter
	if c == '\'' {
		problem = SingleQuote
		l.quoted('\'')
	}
	l.emit(Bad, start, problem)
}

// brace counts the braces of an interpolation, and returns InterpEnd for the one that ends it.
func (l *scanner) brace(k Kind) Kind {
	if l.interp {
		switch k {
		case LBrace:
			l.braces++
		case RBrace:
			if l.braces == 0 {
				l.interp = false
				return InterpEnd
			}
			l.braces--
		}
	}
	return k
}

// quoted skips to the next quote on this line, if there is one.
func (l *scanner) quoted(quote byte) {
	for i := l.pos; i < len(l.text) && l.text[i] != '\n'; i++ {
		if l.text[i] == quote {
			l.pos = i + 1
			return
		}
	}
}

func isPair(c byte) bool {
	switch c {
	case '-', '=', '!', '<', '>', '&', '|', '?', '.':
		return true
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
