package format

import (
	"strings"

	"github.com/livec-lang/livec/internal/layout"
)

// The documents of package layout, by the names that the files of this package use.
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

// width is how long a line may become where there is a choice.
const width = 100

// pad is spaces that are left out where their group is flat.
func pad(n int) doc { return layout.Broken(strings.Repeat(" ", n)) }

// render sets a document.
func render(d doc) string { return layout.Render(d, width) }
