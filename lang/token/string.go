package token

// openString reads the quotes at the start of a string. Inside an interpolation, a quote ends the string around it, and
// only that mistake is reported.
func (l *scanner) openString() {
	start := l.pos
	width := 1
	if l.at(1) == '"' && l.at(2) == '"' {
		width = 3
	}
	if l.quote == 3 && width == 1 {
		l.pos++
		l.quoted('"')
		l.emit(Bad, start, NestedString)
		return
	}
	if l.quote != 0 {
		l.pos += l.quote
		l.quote, l.interp, l.braces = 0, false, 0
		l.emit(StringEnd, start, OpenInterp)
		return
	}
	l.pos += width
	l.emit(StringStart, start, None)
	l.quote = width
}

// stringText reads the text of a string up to its end or its next interpolation.
func (l *scanner) stringText() {
	start := l.pos
	text := func() {
		if l.pos > start {
			l.emit(Text, start, None)
		}
	}
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == '\\' && l.pos+1 < len(l.text) && l.text[l.pos+1] != '\n':
			l.pos += 2
			if l.text[l.pos-1] == 'u' && l.at(0) == '{' { // the brace of `\u{1F600}` does not start an interpolation
				l.pos++
			}
		case c == '"' && (l.quote == 1 || l.at(1) == '"' && l.at(2) == '"'):
			text()
			end := l.pos
			l.pos += l.quote
			l.quote = 0
			l.emit(StringEnd, end, None)
			return
		case c == '{':
			text()
			open := l.pos
			l.pos++
			l.emit(InterpStart, open, None)
			l.interp, l.braces = true, 0
			return
		case c == '\n' && (l.quote == 1 || l.outdented()):
			text()
			l.closeString()
			return
		default:
			l.pos++
		}
	}
	text()
}

// closeString ends an unclosed string.
func (l *scanner) closeString() {
	problem := OpenString
	if l.interp {
		problem = OpenInterp
	}
	l.quote, l.interp, l.braces = 0, false, 0
	l.emit(StringEnd, l.pos, problem)
}

// outdented reports whether the next line has something in column 1. There, a multi-line string has white space or its end.
func (l *scanner) outdented() bool {
	switch l.at(1) {
	case ' ', '\t', '\r', '\n', '"', 0:
		return false
	}
	return true
}
