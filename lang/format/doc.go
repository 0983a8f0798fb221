package format

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
)

// The documents of package layout, with the names that this package uses.
type doc = layout.Doc

var (
	line     = layout.Line
	softline = layout.Softline
	hardline = layout.Hardline
	nothing  = layout.Nothing
	text     = layout.Text
	concat   = layout.Concat
	nest     = layout.Nest
	group    = layout.Group
	groupIf  = layout.GroupIf
	join     = layout.Join
)

// width is the maximum length of a line that can be broken.
const width = 100

// pad returns spaces that are left out if their group is on one line.
func pad(n int) doc { return layout.Broken(strings.Repeat(" ", n)) }

// render returns the text of a document.
func render(d doc) string { return layout.Render(d, width) }
