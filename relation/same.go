package relation

import (
	"bytes"
	"slices"
)

// Same reports whether two values are one and the same: of one form, with equal contents. Unlike equality in the language it knows no
// kinds.
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
	case []byte, Row, []Row: // would panic as operands of ==
		return false
	}
	return a == b
}

// SameRow is Same for rows.
func SameRow(a, b Row) bool { return slices.EqualFunc(a, b, Same) }
