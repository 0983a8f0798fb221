package house

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxLines   = 400
	maxColumns = 140
)

// TestSize keeps files short enough to read at once, and lines narrow enough for two files side by side.
func TestSize(t *testing.T) {
	lines := rule{
		what: "a Go file has at most 400 lines",
		why:  "a file is read in one sitting",
		todo: "split it by what its parts are about, and name each file after its part",
	}
	columns := rule{
		what: "a line of Go has at most 140 characters",
		why:  "two files fit side by side on a screen, and differences of long lines cannot be read",
		todo: "wrap it, comments too; give a part of a long expression a name",
	}
	for _, f := range goFiles(t) {
		if n := strings.Count(f.text, "\n"); n > maxLines {
			lines.broken(t, f.path, "%d lines", n)
		}
		n := 0
		for line := range strings.Lines(f.text) {
			n++
			if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > maxColumns {
				columns.broken(t, f.path, "line %d has %d characters", n, width)
			}
		}
	}
}
