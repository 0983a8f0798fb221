package diag

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// Text writes diagnostics for people:
//
//	chat.live:2:20: error LIVE0101: there is no type Mesage
//	   2 | type Pair { first: Mesage, second: int }
//	     |                    ^^^^^^ not declared anywhere
//	  help: did you mean Message?
//
// Editors and terminals turn the start of the first line into a link.
func Text(w io.Writer, list List, o RenderOptions) error {
	buffer := bufio.NewWriter(w)
	t := &text{Writer: buffer, options: o}
	for i, d := range list.Sorted() {
		if i > 0 {
			t.line("")
		}
		t.diagnostic(d)
	}
	return buffer.Flush() // returns the first error
}

// text is the state of writing for people.
type text struct {
	*bufio.Writer
	options RenderOptions
	digits  int // of the line numbers in the current diagnostic
}

// style is the style of a part of the text (ECMA-48, SGR).
type style string

const (
	plain   style = ""
	bold    style = "1"
	faint   style = "2"
	red     style = "1;31"
	yellow  style = "1;33"
	blue    style = "1;34"
	cyan    style = "1;36"
	added   style = "32"
	removed style = "31"
)

func (t *text) in(s style, text string) string {
	if !t.options.Color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (t *text) line(parts ...string) {
	_, _ = t.WriteString(strings.TrimRight(strings.Join(parts, ""), " ")) // Flush reports errors
	_ = t.WriteByte('\n')
}

func (t *text) diagnostic(d Diagnostic) {
	color := red
	if d.Severity == Warning {
		color = yellow
	}
	t.header(d, color)
	files := labels(d)
	t.digits = digits(files)
	for i, f := range files {
		if i > 0 || f.file != d.Primary.File {
			t.line("  ", strings.Repeat(" ", t.digits), t.in(faint, " ╭ "+location(f.file, f.labels[0].span.Start)))
		}
		t.snippet(f, color)
	}
	for _, h := range d.Help {
		t.note("help", cyan, h)
	}
	if d.Fix != nil {
		t.fix(d.Fix)
	}
}

func (t *text) header(d Diagnostic, color style) {
	where := ""
	if d.Primary.File != nil {
		where = location(d.Primary.File, d.Primary.Span.Start) + ": "
	}
	kind := d.Severity.String()
	if d.Code != "" {
		kind += " " + string(d.Code)
	}
	lines := wrap(where+kind+": "+clean(d.Message), t.options.Width)
	// The parts can only be distinguished if they are all on the first line.
	if rest, ok := strings.CutPrefix(lines[0], where+kind+": "); ok {
		t.line(t.in(bold, where), t.in(color, kind+":"), " ", t.in(bold, rest))
		lines = lines[1:]
	}
	for _, l := range lines {
		t.line(t.in(bold, l))
	}
}

// location returns a position in the form that editors and terminals understand.
func location(f *source.File, offset int32) string {
	at := f.Position(offset)
	return clean(f.Path) + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// note writes a remark with a name below the snippet. Its further lines are aligned with the first.
func (t *text) note(name string, color style, message string) {
	indent := "  " + strings.Repeat(" ", len(name)+2)
	width := 0
	if t.options.Width > 0 {
		width = max(t.options.Width-len(indent), minWidth)
	}
	for i, l := range wrap(clean(message), width) {
		if i == 0 {
			t.line("  ", t.in(color, name+":"), " ", l)
		} else {
			t.line(indent, l)
		}
	}
}

// maxFixLines is the maximum number of lines of a correction that are shown.
const maxFixLines = 6

// fix shows a correction: its title, and the lines before and after.
func (t *text) fix(f *Fix) {
	t.note("fix", cyan, f.Title)
	for _, file := range editedFiles(f) {
		before, after := file.lines()
		if len(before)+len(after) > maxFixLines {
			continue // the title must be enough
		}
		limit := t.limit()
		for _, l := range before {
			c := cellsOf(l)
			t.line("    ", t.in(removed, "- "+c.cut(0, min(limit, c.width))))
		}
		for _, l := range after {
			c := cellsOf(l)
			t.line("    ", t.in(added, "+ "+c.cut(0, min(limit, c.width))))
		}
	}
}
