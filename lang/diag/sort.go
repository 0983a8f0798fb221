package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Sort orders diagnostics by their places: by the path of the file, then by the offset. Those of no file come first.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(strings.Compare(a.path(), b.path()), cmp.Compare(a.Primary.Span.Start, b.Primary.Span.Start))
	})
}

func (d *Diagnostic) path() string {
	if d.Primary.File == nil {
		return ""
	}
	return d.Primary.File.Path
}
