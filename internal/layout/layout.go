// Package layout lays out text with line breaks that depend on the width, after P. Wadler, "A prettier printer" (2003). A group is laid
// out on one line if it fits; otherwise all of its own lines break. The formatter and the TypeScript emitter use it.
package layout

import (
	"fmt"
	"strings"
)

// Doc is a piece of text whose line breaks are not yet decided.
type Doc interface {
	// hard reports whether the enclosing groups must break.
	hard() bool
}

type (
	textDoc   string
	lineDoc   struct{ flat string }
	breakDoc  struct{}
	rawDoc    string
	suffixDoc string
	brokenDoc string
	nestDoc   struct{ d Doc }
	groupDoc  struct {
		d      Doc
		broken bool
	}
	concatDoc struct {
		parts  []Doc
		broken bool
	}
)

func (textDoc) hard() bool     { return false }
func (lineDoc) hard() bool     { return false }
func (breakDoc) hard() bool    { return true }
func (rawDoc) hard() bool      { return false }
func (suffixDoc) hard() bool   { return true }
func (brokenDoc) hard() bool   { return false }
func (d nestDoc) hard() bool   { return d.d.hard() }
func (d groupDoc) hard() bool  { return d.broken }
func (d concatDoc) hard() bool { return d.broken }

// Common documents.
var (
	Line     = LineOr(" ") // a line break, or a space if its group is on one line
	Softline = LineOr("")  // a line break, or nothing if its group is on one line
	Hardline = Doc(breakDoc{})
	Nothing  = Text("")
	// Breaks has no text, and breaks the enclosing groups.
	Breaks = Doc(concatDoc{broken: true})
)

// Text returns text without line breaks.
func Text(s ...string) Doc { return textDoc(strings.Join(s, "")) }

// Raw returns text with several lines, which is written unchanged.
func Raw(s string) Doc { return rawDoc(s) }

// Suffix returns text that is moved to the end of its line. The enclosing groups break.
func Suffix(s string) Doc { return suffixDoc(s) }

// LineOr returns a line break, or the text flat if its group is on one line.
func LineOr(flat string) Doc { return lineDoc{flat} }

// Broken returns text that is left out if its group is on one line.
func Broken(s string) Doc { return brokenDoc(s) }

// Concat returns the concatenation of documents. It leaves out nil documents.
func Concat(parts ...Doc) Doc {
	out := concatDoc{parts: make([]Doc, 0, len(parts))}
	for _, p := range parts {
		if p != nil {
			out.parts = append(out.parts, p)
			out.broken = out.broken || p.hard()
		}
	}
	return out
}

// Nest indents the lines of documents by one more level.
func Nest(parts ...Doc) Doc { return nestDoc{Concat(parts...)} }

// Group returns a document that is laid out on one line if it fits and nothing in it must break.
func Group(parts ...Doc) Doc { return GroupIf(false, parts...) }

// GroupIf returns a group that always breaks if broken is set.
func GroupIf(broken bool, parts ...Doc) Doc {
	d := Concat(parts...)
	return groupDoc{d, broken || d.hard()}
}

// Join puts a separator between documents.
func Join(sep Doc, parts []Doc) Doc {
	var out []Doc
	for i, p := range parts {
		if i > 0 {
			out = append(out, sep)
		}
		out = append(out, p)
	}
	return Concat(out...)
}

// indent is the indentation of one level.
const indent = "  "

// item is a document to lay out, with its level of indentation.
type item struct {
	d     Doc
	level int
	flat  bool
}

// Render lays out a document with lines of at most width bytes, where possible. It uses a stack of its own, so a deep
// document does not need a deep Go stack.
func Render(d Doc, width int) string {
	r := renderer{width: width, stack: []item{{d, 0, false}}}
	for len(r.stack) > 0 {
		top := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		r.set(top)
	}
	r.endLine()
	return r.out.String()
}

type renderer struct {
	width  int
	out    strings.Builder
	stack  []item
	column int    // of the current line, in bytes
	blank  bool   // the current line is empty, without its indentation
	level  int    // the indentation of the current line
	suffix string // text for the end of the current line
}

func (r *renderer) set(it item) {
	switch d := it.d.(type) {
	case textDoc:
		r.write(string(d))
	case rawDoc:
		r.write(string(d))
		if at := strings.LastIndexByte(string(d), '\n'); at >= 0 {
			r.column = len(d) - at - 1
		}
	case brokenDoc:
		if !it.flat {
			r.write(string(d))
		}
	case suffixDoc:
		r.suffix += " " + string(d)
	case lineDoc:
		if it.flat {
			r.write(d.flat)
			return
		}
		r.newline(it.level)
	case breakDoc:
		r.newline(it.level)
	case nestDoc:
		r.stack = append(r.stack, item{d.d, it.level + 1, it.flat})
	case groupDoc:
		flat := it.flat || !d.broken && r.fits(item{d.d, it.level, true})
		r.stack = append(r.stack, item{d.d, it.level, flat})
	case concatDoc:
		for i := len(d.parts) - 1; i >= 0; i-- {
			r.stack = append(r.stack, item{d.parts[i], it.level, it.flat})
		}
	default:
		panic(fmt.Sprintf("layout: a document of unknown kind %T", d))
	}
}

func (r *renderer) write(s string) {
	if s == "" {
		return
	}
	if r.blank {
		for range r.level {
			r.out.WriteString(indent)
		}
		r.column = r.level * len(indent)
		r.blank = false
	}
	r.out.WriteString(s)
	r.column += len(s)
}

func (r *renderer) newline(level int) {
	r.endLine()
	r.out.WriteByte('\n')
	r.blank, r.level, r.column = true, level, level*len(indent)
}

func (r *renderer) endLine() {
	if r.suffix != "" {
		if r.blank {
			r.suffix = r.suffix[1:]
		}
		r.write(r.suffix)
	}
	r.suffix = ""
}

// fits reports whether a document, and the text after it up to the next possible break, fits on the current line.
func (r *renderer) fits(first item) bool {
	room := r.width - r.column
	rest := len(r.stack)
	todo := []item{first}
	for room >= 0 {
		if len(todo) == 0 {
			if rest == 0 {
				return true
			}
			rest--
			todo = append(todo, r.stack[rest])
		}
		it := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch d := it.d.(type) {
		case textDoc:
			room -= len(d)
		case rawDoc:
			if head, _, ok := strings.Cut(string(d), "\n"); ok {
				return room >= len(head)
			}
			room -= len(d)
		case brokenDoc:
			if !it.flat {
				room -= len(d)
			}
		case lineDoc:
			if !it.flat {
				return true
			}
			room -= len(d.flat)
		case breakDoc:
			return true
		case suffixDoc: // it takes no space
		case nestDoc:
			todo = append(todo, item{d.d, it.level, it.flat})
		case groupDoc:
			todo = append(todo, item{d.d, it.level, it.flat})
		case concatDoc:
			for i := len(d.parts) - 1; i >= 0; i-- {
				todo = append(todo, item{d.parts[i], it.level, it.flat})
			}
		default:
			panic(fmt.Sprintf("layout: a document of unknown kind %T", d))
		}
	}
	return false
}
