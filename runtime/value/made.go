package value

import (
	"strings"

	"github.com/livec-lang/livec/relation/function"
)

// This file has the functions whose results may be larger than their arguments. They fail, or panic, with function.ErrSize before they
// make what is too large.

// Repeat is function.Repeat, and fails with ErrOverflow if n is negative.
func Repeat(s string, n int64) (string, error) {
	if n < 0 {
		return "", ErrOverflow
	}
	return function.Repeat(s, n)
}

// PadStart is function.PadStart.
func PadStart(s string, n int64, pad string) (string, error) { return function.PadStart(s, n, pad) }

// Replace is function.Replace.
func Replace(s, old, with string) (string, error) { return function.Replace(s, old, with) }

// Split is the parts of a text between the occurrences of a separator; its code points, if the separator is empty.
func Split(s, separator string) ([]string, error) {
	parts := strings.Count(s, separator) + 1
	if separator == "" { // is counted before each code point and at the end
		parts -= 2
	}
	if parts > function.MaxMade {
		return nil, function.ErrSize
	}
	return strings.Split(s, separator), nil
}

// JoinText is the texts of a list with a separator between them.
func JoinText(list []string, separator string) (string, error) {
	size := 0
	for _, s := range list {
		if size += len(s) + len(separator); size-len(separator) > function.MaxJoined {
			return "", function.ErrSize
		}
	}
	return strings.Join(list, separator), nil
}

// Cat is texts one after another. Like an operator of Go it has no error: if the text is too large, it panics with function.ErrSize, which
// ends the call like an error. Only a text that is put together from itself, again and again, becomes so large.
func Cat(parts ...string) string {
	size := 0
	for _, s := range parts {
		if size += len(s); size > function.MaxJoined {
			panic(function.ErrSize)
		}
	}
	return strings.Join(parts, "")
}

// Concat is the elements of lists one after another. If there are too many, it panics like Cat.
func Concat[T any](lists ...[]T) []T {
	size := 0
	for _, l := range lists {
		if size += len(l); size > function.MaxMade {
			panic(function.ErrSize)
		}
	}
	out := make([]T, 0, size)
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
