package emitts

import "strings"

// A document is text with places where it may be broken, laid out to a width as in P. Wadler, "A prettier printer" (2003): a group is written on one line if it fits, and otherwise broken at each
// of its own lines.
type doc interface{}

type (
	text   string
	concat []doc
	nest   struct{ in doc }
	group  struct{ in doc }
	// line is a place to break; flat stands there where nothing is broken.
	line struct{ flat string }
	// broken stands there only where the group around it is broken.
	broken string
	// newline is always broken.
	newline struct{}
)

var (
	soft  = line{""}
	space = line{" "}
)

const (
	width  = 140
	indent = "  "
)

// frame is a document that is still to be written.
type frame struct {
	depth int
	flat  bool
	d     doc
}

func (f frame) into(d doc) frame { return frame{f.depth, f.flat, d} }

// render lays a document out.
func render(d doc) string {
	var b strings.Builder
	column := 0
	write := func(s string) {
		b.WriteString(s)
		column += len(s)
	}
	stack := []frame{{d: d}}
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch d := f.d.(type) {
		case nil:
		case text:
			write(string(d))
		case concat:
			for i := len(d) - 1; i >= 0; i-- {
				stack = append(stack, frame{f.depth, f.flat, d[i]})
			}
		case nest:
			stack = append(stack, frame{f.depth + 1, f.flat, d.in})
		case group:
			stack = append(stack, frame{f.depth, f.flat || fits(d.in, width-column, stack), d.in})
		case broken:
			if !f.flat {
				write(string(d))
			}
		case line:
			if f.flat {
				write(d.flat)
				continue
			}
			column = startLine(&b, f.depth)
		case newline:
			column = startLine(&b, f.depth)
		}
	}
	return b.String()
}

func startLine(b *strings.Builder, depth int) (column int) {
	b.WriteByte('\n')
	b.WriteString(strings.Repeat(indent, depth))
	return depth * len(indent)
}

// fits tells whether a document fits on the rest of a line, with what follows it up to the next place where a break is certain.
func fits(d doc, room int, rest []frame) bool {
	stack := []frame{{flat: true, d: d}}
	for room >= 0 {
		if len(stack) == 0 {
			if len(rest) == 0 {
				return true
			}
			stack = append(stack, rest[len(rest)-1])
			rest = rest[:len(rest)-1]
			continue
		}
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch d := f.d.(type) {
		case text:
			room -= len(d)
		case concat:
			for i := len(d) - 1; i >= 0; i-- {
				stack = append(stack, frame{f.depth, f.flat, d[i]})
			}
		case nest:
			stack = append(stack, f.into(d.in))
		case group: // one that comes later may be broken
			stack = append(stack, f.into(d.in))
		case broken:
			if !f.flat {
				room -= len(d)
			}
		case line:
			if !f.flat {
				return true
			}
			room -= len(d.flat)
		case newline:
			return !f.flat || len(stack) == 0
		}
	}
	return false
}

// join puts a separator between documents.
func join(sep doc, docs []doc) doc {
	var out concat
	for i, d := range docs {
		if i > 0 {
			out = append(out, sep)
		}
		out = append(out, d)
	}
	return out
}

// enclosed writes items between brackets, each on its own line if they do not fit on one. pad stands inside the brackets where they do.
func enclosed(open string, pad line, items []doc, end string) doc {
	if len(items) == 0 {
		return text(open + end)
	}
	trail := broken(",")
	if open == "<" { // which TypeScript does not allow one in
		trail = ""
	}
	return group{concat{text(open), nest{concat{pad, join(concat{text(","), space}, items)}}, trail, pad, text(end)}}
}

// call writes a call that a bundler may leave out where its result is not used.
func call(name string, args ...doc) doc {
	return concat{text("/* @__PURE__ */ " + name), enclosed("(", soft, args, ")")}
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
