package emitts

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
)

// The documents of package layout, with the names that this package uses.
type doc = layout.Doc

var (
	soft    = layout.Softline
	space   = layout.Line
	newline = layout.Hardline
	concat  = layout.Concat
	nest    = layout.Nest
	group   = layout.Group
	join    = layout.Join
)

func text(s string) doc { return layout.Text(s) }

// width is the maximum length of a line that can be broken.
const width = 140

func render(d doc) string { return layout.Render(d, width) }

// enclosed puts items between brackets, each on its own line if they do not fit on one. pad is the space inside the brackets if they do.
func enclosed(open string, pad doc, items []doc, end string) doc {
	if len(items) == 0 {
		return text(open + end)
	}
	trail := layout.Broken(",")
	if open == "<" { // TypeScript does not allow a trailing comma there
		trail = nil
	}
	return group(text(open), nest(pad, join(concat(text(","), space), items)), trail, pad, text(end))
}

// call returns a call that a bundler may remove if its result is not used.
func call(name string, args ...doc) doc {
	return concat(text("/* @__PURE__ */ "+name), enclosed("(", soft, args, ")"))
}

// quote returns a string literal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch r {
		case '\'', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\u2028':
			b.WriteString(`\u2028`)
		case '\u2029':
			b.WriteString(`\u2029`)
		default:
			if r < ' ' || r == 0x7f {
				const hex = "0123456789abcdef"
				b.WriteString(`\x`)
				b.WriteByte(hex[r>>4])
				b.WriteByte(hex[r&15])
				continue
			}
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// property returns the name of a property, in quotes unless it is an identifier.
func property(name string) string {
	for i, r := range name {
		if (r|0x20 < 'a' || r|0x20 > 'z') && r != '_' && (i == 0 || r < '0' || r > '9') {
			return quote(name)
		}
	}
	if name == "" || name == "__proto__" {
		return "[" + quote(name) + "]"
	}
	return name
}
