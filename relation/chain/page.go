package chain

import (
	"fmt"

	"github.com/livec-lang/livec/relation"
)

// PageOf returns the pages that an AllRole makes longer, or nil, and whether the steps after them show each of their rows in its place.
func PageOf(n relation.Node) (page *relation.Page, shown bool) {
	switch n := n.(type) {
	case *relation.Page:
		return n, true
	case *relation.Map:
		return PageOf(n.Input)
	case *relation.Join:
		page, shown = PageOf(n.Input)
		return page, shown && n.Optional
	case *relation.Filter, *relation.Sort, *relation.Limit:
		page, _ = PageOf(relation.Input(n))
		return page, false
	case *relation.Scan, *relation.Group, *relation.Reduce:
		return nil, false
	}
	panic(fmt.Sprintf("whether a %T has pages is not known", n))
}
