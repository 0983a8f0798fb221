package emitts

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
)

// The documents of package layout, by the names that the files of this package use.
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

// width is how long a line may become where there is a choice.
const width = 140

func render(d doc) string { return layout.Render(d, width) }

// enclosed writes items between brackets, each on its own line if they do not fit on one. pad stands inside the brackets where they do.
func enclosed(open string, pad doc, items []doc, end string) doc {
	if len(items) == 0 {
		return text(open + end)
	}
	trail := layout.Broken(",")
	if open == "<" { // which TypeScript does not allow one in
		trail = nil
	}
	return group(text(open), nest(pad, join(concat(text(","), space), items)), trail, pad, text(end))
}

// call writes a call that a bundler may leave out where its result is not used.
func call(name string, args ...doc) doc {
	return concat(text("/* @__PURE__ */ "+name), enclosed("(", soft, args, ")"))
}

// quote writes a string literal.
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

// property writes the name of a property, in quotes unless it is an identifier.
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
