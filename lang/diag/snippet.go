package diag

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/livec-lang/livec/lang/source"
)

// annotation is a label with its span moved into its file.
type annotation struct {
	span    source.Span
	text    string
	primary bool
}

// fileMarks are the labels of a diagnostic in one file.
type fileMarks struct {
	file   *source.File
	labels []annotation
}

// labels returns the labels of a diagnostic by file. The file of the primary label comes first.
func labels(d Diagnostic) []fileMarks {
	var out []fileMarks
	add := func(l Label, primary bool) {
		if l.File == nil {
			return
		}
		i := slices.IndexFunc(out, func(x fileMarks) bool { return x.file == l.File })
		if i < 0 {
			i = len(out)
			out = append(out, fileMarks{file: l.File})
		}
		out[i].labels = append(out[i].labels, annotation{within(l.File, l.Span), clean(l.Text), primary})
	}
	add(d.Primary, true)
	for _, l := range d.Secondary {
		add(l, false)
	}
	return out
}

// digits returns the number of digits of the longest line number.
func digits(files []fileMarks) int {
	last := 1
	for _, f := range files {
		for _, m := range f.labels {
			last = max(last, f.file.Position(m.span.End).Line)
		}
	}
	return max(len(strconv.Itoa(last)), 2)
}

// line is a line of source that is shown.
type line struct {
	number      int
	start       int // in the file, bytes
	text        string
	annotations []lineAnnotation
}

// lineAnnotation is the part of an annotation on one line, in bytes of the line.
type lineAnnotation struct {
	start, end int
	text       string
	primary    bool
}

// shown returns the lines to show, in order: those with labels, and those that give context to positions without text.
func shown(f fileMarks) []line {
	byNumber := map[int]*line{}
	text := f.file.Text
	at := func(offset int) *line {
		n := f.file.Position(int32(offset)).Line
		if byNumber[n] == nil {
			start := lineStart(text, offset)
			byNumber[n] = &line{number: n, start: start, text: strings.TrimSuffix(text[start:lineEnd(text, start)], "\r")}
		}
		return byNumber[n]
	}
	for _, m := range f.labels {
		start, end := int(m.span.Start), int(m.span.End)
		for end > start && strings.IndexByte(" \t\r\n", text[end-1]) >= 0 {
			end--
		}
		first, last := at(start), at(end)
		firstStart, lastStart := lineStart(text, start), lineStart(text, end)
		if first == last {
			first.annotations = append(first.annotations, lineAnnotation{start - firstStart, end - firstStart, m.text, m.primary})
			if strings.TrimSpace(first.text) == "" {
				// A position on an empty line, such as the end of the file, needs the line before it as context.
				if before := strings.TrimRight(text[:firstStart], " \t\r\n"); before != "" {
					at(len(before))
				}
			}
			continue
		}
		indent := len(last.text) - len(strings.TrimLeft(last.text, " \t"))
		first.annotations = append(first.annotations, lineAnnotation{start - firstStart, len(first.text), "", m.primary})
		last.annotations = append(last.annotations, lineAnnotation{indent, end - lastStart, m.text, m.primary})
	}
	lines := make([]line, 0, len(byNumber))
	for _, n := range slices.Collect(maps.Keys(byNumber)) {
		if byNumber[n-1] == nil && byNumber[n-2] != nil {
			at(byNumber[n].start - 1) // a single line between two others is shown, since a gap would take as much space
		}
	}
	for _, l := range byNumber {
		slices.SortStableFunc(l.annotations, func(a, b lineAnnotation) int { return cmp.Compare(a.start, b.start) })
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.number, b.number) })
	return lines
}

func (t *text) snippet(f fileMarks, color style) {
	before := 0
	for _, l := range shown(f) {
		if before > 0 && l.number > before+1 {
			t.line("  ", strings.Repeat(" ", t.digits), t.in(faint, " ⋮"))
		}
		before = l.number
		t.source(l, color)
	}
}

const (
	minWidth     = 20  // columns that are used even if the terminal is narrower
	defaultWidth = 160 // columns of source without a terminal
	margin       = 4   // columns around a label
)

// limit returns the number of columns of source to show.
func (t *text) limit() int {
	if t.options.Width <= 0 {
		return defaultWidth
	}
	return max(t.options.Width-t.digits-5, minWidth)
}

// source shows one line. It shows only the parts of a long line around its labels.
func (t *text) source(l line, color style) {
	c := cellsOf(l.text)
	limit := t.limit()
	if c.width <= limit {
		t.row(l, c, 0, c.width, l.annotations, color)
		return
	}
	if len(l.annotations) == 0 {
		t.row(l, c, 0, limit, nil, color)
		return
	}
	for annotations := l.annotations; len(annotations) > 0; {
		lo, hi := c.column(annotations[0].start), c.end(annotations[0].end)
		n := 1
		for ; n < len(annotations); n++ {
			end := max(hi, c.end(annotations[n].end))
			if end-lo+2*margin > limit {
				break
			}
			hi = end
		}
		from := 0
		if hi+margin > limit {
			from = max(0, lo-max(margin, (limit-(hi-lo))/2))
		}
		to := min(from+limit, c.width)
		t.row(l, c, max(0, to-limit), to, annotations[:n], color)
		annotations = annotations[n:]
	}
}

// row shows the columns [from, to) of a line, with its labels below.
func (t *text) row(l line, c cells, from, to int, annotations []lineAnnotation, color style) {
	number := strconv.Itoa(l.number)
	t.line("  ", strings.Repeat(" ", t.digits-len(number)), t.in(faint, number+" |"), " ", c.cut(from, to))
	if len(annotations) == 0 {
		return
	}
	var drawn []drawnAnnotation
	for _, m := range annotations {
		d := drawnAnnotation{start: min(max(c.column(m.start)-from, 0), to-from), text: m.text, char: '-', style: blue}
		d.end = min(max(c.end(m.end)-from, d.start+1), to-from+1)
		if m.primary {
			d.char, d.style = '^', color
		}
		drawn = append(drawn, d)
	}
	t.underline(drawn)
}

// drawnAnnotation is an annotation in columns of the terminal.
type drawnAnnotation struct {
	start, end int
	text       string
	char       byte
	style      style
}

// underline draws annotations. The text of the last one follows on the same line, the others are below, from right to left.
func (t *text) underline(annotations []drawnAnnotation) {
	end := 0
	for _, m := range annotations {
		end = max(end, m.end)
	}
	under := newCanvas(end)
	for _, m := range annotations {
		if m.char != '^' {
			under.fill(m.start, m.end, m.char, m.style)
		}
	}
	for _, m := range annotations {
		if m.char == '^' {
			under.fill(m.start, m.end, m.char, m.style)
		}
	}
	var texts []drawnAnnotation // from right to left
	for _, m := range annotations {
		if m.text != "" {
			texts = append(texts, m)
		}
	}
	slices.SortStableFunc(texts, func(a, b drawnAnnotation) int { return cmp.Compare(b.start, a.start) })
	beside := ""
	if len(texts) > 0 && texts[0].end == end && (t.options.Width <= 0 || end+1+columns(texts[0].text) <= t.limit()) {
		beside = " " + t.in(texts[0].style, texts[0].text)
		texts = texts[1:]
	}
	t.below(t.paint(under), beside)
	for i, m := range texts {
		if i == 0 {
			t.below(t.paint(stems(texts)))
		}
		t.textBelow(m, texts[i+1:])
	}
}

// textBelow writes the text of an annotation below it, next to the stems of those to the left. A long text starts
// further left if there is space.
func (t *text) textBelow(m drawnAnnotation, left []drawnAnnotation) {
	at, lines := m.start, []string{m.text}
	if t.options.Width > 0 {
		room := t.limit()
		at = min(at, max(room-columns(m.text), 0))
		for _, l := range left {
			if l.start < m.start {
				at = max(at, l.start+2)
			}
		}
		at = min(at, m.start)
		lines = wrap(m.text, max(room-at, minWidth))
	}
	for _, l := range lines {
		c := stems(left)
		c.grow(at)
		t.below(t.paint(c[:at]), t.in(m.style, l))
	}
}

func (t *text) below(parts ...string) {
	t.line(append([]string{"  ", strings.Repeat(" ", t.digits), t.in(faint, " |"), " "}, parts...)...)
}

// canvas is a row of characters that are one column wide, with their styles.
type canvas []struct {
	char  byte
	style style
}

func newCanvas(n int) canvas {
	var c canvas
	c.grow(n)
	return c
}

func (c *canvas) grow(n int) {
	for len(*c) < n {
		*c = append(*c, struct {
			char  byte
			style style
		}{' ', plain})
	}
}

func (c canvas) fill(from, to int, char byte, s style) {
	for i := from; i < to; i++ {
		c[i].char, c[i].style = char, s
	}
}

// stems draws the lines from annotations down to their texts.
func stems(annotations []drawnAnnotation) canvas {
	var c canvas
	for _, m := range annotations {
		c.grow(m.start + 1)
		c.fill(m.start, m.start+1, '|', m.style)
	}
	return c
}

// paint returns a canvas as text, and changes the style once for each run.
func (t *text) paint(c canvas) string {
	var b strings.Builder
	for i := 0; i < len(c); {
		j := i
		for j < len(c) && c[j].style == c[i].style {
			j++
		}
		run := make([]byte, 0, j-i)
		for _, x := range c[i:j] {
			run = append(run, x.char)
		}
		b.WriteString(t.in(c[i].style, string(run)))
		i = j
	}
	return b.String()
}
