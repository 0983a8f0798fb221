package eval

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/livec-lang/livec/relation"
)

// Compare orders two values of one kind: negative if a comes before b, 0 if they are equal. null comes before every
// other value. enum has the order of the values for kind Enum; a value that is not in it comes last.
func Compare(k relation.Kind, enum []string, a, b relation.Value) int {
	if a == nil || b == nil {
		switch {
		case a == nil && b == nil:
			return 0
		case a == nil:
			return -1
		}
		return 1
	}
	switch a := a.(type) {
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(float64(a), number(b))
	case string:
		b, _ := b.(string)
		if k == relation.Enum {
			return cmp.Compare(ordinal(enum, a), ordinal(enum, b))
		}
		return strings.Compare(a, b)
	case float64:
		return cmp.Compare(a, number(b))
	case bool:
		b, _ := b.(bool)
		switch {
		case a == b:
			return 0
		case b:
			return -1
		}
		return 1
	case relation.JSON:
		b, _ := b.(relation.JSON)
		return strings.Compare(string(a), string(b))
	case []byte:
		b, _ := b.([]byte)
		return bytes.Compare(a, b)
	}
	return 0
}

func number(v relation.Value) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

func ordinal(enum []string, v string) int {
	if i := slices.Index(enum, v); i >= 0 {
		return i
	}
	return len(enum)
}

// Equal reports whether two values of one kind are equal in the language: null equals null.
func Equal(a, b relation.Value) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		b, ok := b.(string)
		return ok && a == b
	case int64:
		if b, ok := b.(int64); ok {
			return a == b
		}
		f, ok := b.(float64)
		return ok && float64(a) == f
	case float64:
		if b, ok := b.(float64); ok {
			return a == b
		}
		i, ok := b.(int64)
		return ok && float64(i) == a
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	case relation.JSON:
		b, ok := b.(relation.JSON)
		return ok && a == b
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	}
	return relation.Same(a, b)
}

// AppendKey appends an encoding of v for use in map keys. It is the same for equal values and different for others, and
// no encoding is the beginning of another.
func AppendKey(b []byte, v relation.Value) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 'n')
	case bool:
		if v {
			return append(b, 't')
		}
		return append(b, 'f')
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
	case float64:
		if v == 0 {
			v = 0 // −0 equals 0
		}
		return binary.BigEndian.AppendUint64(append(b, 'd'), math.Float64bits(v))
	case string:
		return append(binary.AppendUvarint(append(b, 's'), uint64(len(v))), v...)
	case relation.JSON:
		return append(binary.AppendUvarint(append(b, 'j'), uint64(len(v))), v...)
	case []byte:
		return append(binary.AppendUvarint(append(b, 'b'), uint64(len(v))), v...)
	case relation.Row:
		b = binary.AppendUvarint(append(b, 'r'), uint64(len(v)))
		for _, x := range v {
			b = AppendKey(b, x)
		}
		return b
	}
	return append(b, '?')
}
