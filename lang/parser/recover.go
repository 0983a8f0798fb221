package parser

import "github.com/livec-lang/livec/lang/token"

// resync skips to a place where parsing can continue after a mistake in the statement, field or other member that
// starts at an index: the next member, or the brace that ends the body. It always skips at least one token.
func (p *parser) resync(start int) {
	column := p.indentation(p.list.Tokens[start])
	var stack []token.Kind
	for i := start; i < p.end; i++ {
		t := p.list.Tokens[i]
		if i >= p.pos && i > start && t.Is(token.First) && startsMember(t) && (len(stack) == 0 || p.column(t) <= column) {
			p.pos = i
			return
		}
		switch t.Kind {
		case token.LBrace, token.LParen, token.LBracket:
			stack = append(stack, t.Kind)
		case token.RParen, token.RBracket:
			if n := len(stack); n > 0 && stack[n-1] != token.LBrace {
				stack = stack[:n-1]
			}
		case token.RBrace:
			n := len(stack)
			for n > 0 && stack[n-1] != token.LBrace {
				n--
			}
			if n == 0 || t.Is(token.First) && p.column(t) < column {
				p.pos = max(i, start+1)
				return
			}
			stack = stack[:n-1]
		}
	}
	p.pos = p.end
}

// startsMember reports whether a statement, a field, an arm or another member may start with a token.
func startsMember(t token.Token) bool {
	switch t.Kind {
	case token.Ident, token.StringStart, token.Int, token.Float:
		return true
	}
	return false
}

// column returns the number of bytes before a token on its line.
func (p *parser) column(t token.Token) int {
	at := int(t.Span.Start)
	for at > 0 && p.file.Text[at-1] != '\n' {
		at--
	}
	return int(t.Span.Start) - at
}

// indentation returns the number of bytes of white space at the start of a token's line.
func (p *parser) indentation(t token.Token) int {
	start := int(t.Span.Start) - p.column(t)
	at := start
	for at < int(t.Span.Start) && (p.file.Text[at] == ' ' || p.file.Text[at] == '\t') {
		at++
	}
	return at - start
}

// members reads the members in braces, each by read, and the closing brace. After a mistake it continues with the next
// member. The opening brace is the next token. If read consumes nothing, it reports a mistake: want was expected.
func (p *parser) members(want string, read func()) {
	brace := p.next()
	p.open = append(p.open, brace.Span)
	level, saved, noBrace := len(p.open), p.failed, p.noBrace
	p.failed, p.noBrace = false, false
	for !p.accept(token.RBrace) {
		if p.is(token.EOF) {
			p.unclosed()
			break
		}
		start := p.pos
		read()
		if p.pos == start {
			p.unexpected(want)
		}
		if p.failed || p.pos == start {
			p.resync(start)
			p.failed = false
		}
		p.open = p.open[:level]
	}
	if end := p.list.Tokens[p.pos-1]; p.suspect == nil && end.Kind == token.RBrace && end.Is(token.First) &&
		p.indentation(end) < p.indentation(brace) {
		p.suspect = &brace.Span
	}
	p.open = p.open[:level-1]
	p.failed, p.noBrace = saved, noBrace
}
