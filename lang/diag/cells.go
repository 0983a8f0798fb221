package diag

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// tabStop is the distance of tab stops in columns.
const tabStop = 4

// cells is one line of source as a terminal shows it. Tabs become spaces, and characters that would move the cursor or
// change the direction of text are replaced.
type cells struct {
	text   []cell
	width  int // columns
	length int // bytes of the line
}

// cell is one user-perceived character (UAX #29) with its position.
type cell struct {
	shown  string
	offset int // in the line, bytes
	column int
	width  int
}

const unseen = "\uFFFD"

func cellsOf(line string) cells {
	c := cells{length: len(line)}
	offset, state := 0, -1
	for rest := line; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		shown := cluster
		switch {
		case cluster == "\t":
			width = tabStop - c.width%tabStop
			shown = strings.Repeat(" ", width)
		case strings.ContainsFunc(cluster, disturbs):
			shown, width = unseen, 1
		case width == 0:
			shown, width = unseen, 1 // a joiner, or a combining mark without a base character
		}
		c.text = append(c.text, cell{shown, offset, c.width, width})
		offset += len(cluster)
		c.width += width
	}
	return c
}

// disturbs reports whether a terminal does not simply show a character: control characters, and characters that change
// the direction of text (Trojan Source, CVE-2021-42574).
func disturbs(r rune) bool {
	return unicode.IsControl(r) || '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069' || r == '\u2028' || r == '\u2029'
}

// column returns the column where the character at an offset of the line starts. Offsets after the line give its end.
func (c cells) column(offset int) int {
	for i := len(c.text) - 1; i >= 0; i-- {
		if c.text[i].offset <= offset {
			if offset >= c.length {
				return c.width
			}
			return c.text[i].column
		}
	}
	return 0
}

// end returns the column after the character that contains, or ends at, an offset of the line.
func (c cells) end(offset int) int {
	for _, x := range c.text {
		if x.offset >= offset {
			return x.column
		}
	}
	return c.width
}

const ellipsis = "…"

// cut returns the part of the line in the columns [from, to), with an ellipsis where text is cut off.
func (c cells) cut(from, to int) string {
	var b strings.Builder
	for _, x := range c.text {
		switch {
		case x.column+x.width <= from || x.column >= to:
		case x.column < from || x.column+x.width > to: // a wide character that is cut in half
			b.WriteString(strings.Repeat(" ", min(x.column+x.width, to)-max(x.column, from)))
		case x.column == from && from > 0:
			b.WriteString(ellipsis + strings.Repeat(" ", x.width-1))
		case x.column+x.width == to && to < c.width:
			b.WriteString(strings.Repeat(" ", x.width-1) + ellipsis)
		default:
			b.WriteString(x.shown)
		}
	}
	return b.String()
}

// clean returns a message as one line that is safe to show.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case disturbs(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// wrap breaks a text into lines of at most width columns, at spaces if possible. A width of 0 means one line.
func wrap(text string, width int) []string {
	if width <= 0 || columns(text) <= width {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		w := columns(word)
		switch {
		case line == "":
			line, used = word, w
		case used+1+w <= width:
			line, used = line+" "+word, used+1+w
		default:
			lines = append(lines, line)
			line, used = word, w
		}
	}
	return append(lines, line)
}

// columns returns the number of columns of a text on a terminal.
func columns(s string) int { return uniseg.StringWidth(s) }
