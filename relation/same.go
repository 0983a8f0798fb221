package relation

import (
	"bytes"
	"slices"
)

// Same reports whether two values have the same form and equal contents. Unlike equality in the language it does not depend on kinds.
func Same(a, b Value) bool {
	switch a := a.(type) {
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case Row:
		b, ok := b.(Row)
		return ok && SameRow(a, b)
	case []Row:
		b, ok := b.([]Row)
		return ok && slices.EqualFunc(a, b, SameRow)
	}
	switch b.(type) {
	case []byte, Row, []Row: // == would panic for these
		return false
	}
	return a == b
}

// SameRow is Same for rows.
func SameRow(a, b Row) bool { return slices.EqualFunc(a, b, Same) }
