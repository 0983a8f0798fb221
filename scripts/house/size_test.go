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

// wide are folders whose lines are still wrapped.
var wide = []string{"emit", "runtime"}

// long are files with more lines.
var long = map[string]bool{
	"runtime/together_test.go": true, "runtime/app_test.go": true,
}

// TestSize keeps files small enough to be read in one sitting, and lines narrow enough for two files side by side.
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
		if n := strings.Count(f.text, "\n"); n > maxLines && !long[f.path] {
			lines.broken(t, f.path, "%d lines", n)
		}
		if within(f, wide) {
			continue
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

func within(f *file, folders []string) bool {
	for _, folder := range folders {
		if f.within(folder) {
			return true
		}
	}
	return false
}
