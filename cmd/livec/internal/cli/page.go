package cli

import (
	"strings"

	"github.com/rivo/uniseg"

	"github.com/livec-lang/livec/lang/diag"
)

// maxLine is the width of text on a terminal, in characters: longer lines are hard to read.
const maxLine = 88

// page formats Markdown for a terminal: headings stand out, examples are indented, paragraphs fit. Elsewhere it stays as it is.
func page(markdown string, o diag.RenderOptions) string {
	if o.Width == 0 && !o.Color {
		return markdown
	}
	width := maxLine
	if o.Width > 0 {
		width = min(width, o.Width)
	}
	bold := func(s string) string {
		if !o.Color {
			return s
		}
		return "\x1b[1m" + s + "\x1b[0m"
	}
	var b strings.Builder
	code := false
	for line := range strings.SplitSeq(strings.TrimSpace(markdown), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code
			continue
		case code:
			b.WriteString(strings.TrimRight("    "+line, " "))
		case strings.HasPrefix(line, "#"):
			b.WriteString(bold(strings.TrimLeft(line, "# ")))
		default:
			b.WriteString(fold(line, width))
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// fold wraps a paragraph into lines.
func fold(paragraph string, width int) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(paragraph) {
		w := uniseg.StringWidth(word)
		switch {
		case i == 0:
		case used+1+w > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	return b.String()
}
