package format

import "strings"

// doc is a piece of text whose line breaks are not decided yet, after Wadler, "A prettier printer" (1998): a group is set on one line if it fits, else all of its lines break.
type doc interface {
	// hard tells whether a line break must come in it.
	hard() bool
}

type (
	textDoc   string
	lineDoc   struct{ flat string } // a break, or that text where its group is flat
	breakDoc  struct{}              // a break that always comes
	rawDoc    string                // text of several lines, set as it is
	suffixDoc string                // text that goes to the end of the line, wherever it stands in it
	brokenDoc string                // text that is left out where its group is flat
	nestDoc   struct{ d doc }
	groupDoc  struct {
		d      doc
		broken bool
	}
	concatDoc struct {
		parts  []doc
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

var (
	line     doc = lineDoc{" "}
	softline doc = lineDoc{""}
	hardline doc = breakDoc{}
	nothing  doc = textDoc("")
)

// pad is spaces that are left out where their group is flat.
func pad(n int) doc { return brokenDoc(strings.Repeat(" ", n)) }

// text is a text without line breaks.
func text(s ...string) doc { return textDoc(strings.Join(s, "")) }

func concat(parts ...doc) doc {
	out := concatDoc{parts: parts}
	for _, p := range parts {
		out.broken = out.broken || p.hard()
	}
	return out
}

func nest(parts ...doc) doc { return nestDoc{concat(parts...)} }

// group is set on one line if it fits and nothing in it must break.
func group(parts ...doc) doc {
	d := concat(parts...)
	return groupDoc{d, d.hard()}
}

// groupIf is a group that breaks in any case where the author broke it.
func groupIf(broken bool, parts ...doc) doc {
	d := concat(parts...)
	return groupDoc{d, broken || d.hard()}
}

// join puts a separator between documents.
func join(sep doc, parts []doc) doc {
	var out []doc
	for i, p := range parts {
		if i > 0 {
			out = append(out, sep)
		}
		out = append(out, p)
	}
	return concat(out...)
}

// width is how long a line may become where there is a choice; indent is what one level of nesting adds.
const (
	width  = 100
	indent = "  "
)

// item is a document to be set, with its level of nesting.
type item struct {
	d     doc
	level int
	flat  bool
}

// render sets a document. It goes through it with a stack of its own, so that deep ones do not need a deep one of Go's.
func render(d doc) string {
	r := renderer{stack: []item{{d, 0, false}}}
	for len(r.stack) > 0 {
		top := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		r.set(top)
	}
	r.endLine()
	return r.out.String()
}

type renderer struct {
	out    strings.Builder
	stack  []item
	column int    // of the current line, in bytes
	blank  bool   // the current line has nothing on it yet, and not its indentation either
	level  int    // the indentation it will have
	suffix string // for the end of the current line
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

// fits tells whether a document and what follows it up to the next possible break have room on the current line.
func (r *renderer) fits(first item) bool {
	room := width - r.column
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
		case nestDoc:
			todo = append(todo, item{d.d, it.level, it.flat})
		case groupDoc:
			todo = append(todo, item{d.d, it.level, it.flat})
		case concatDoc:
			for i := len(d.parts) - 1; i >= 0; i-- {
				todo = append(todo, item{d.parts[i], it.level, it.flat})
			}
		}
	}
	return false
}
