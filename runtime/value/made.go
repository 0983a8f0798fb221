package value

import (
	"strings"
	"unicode/utf8"

	"github.com/livec-lang/livec/relation/function"
)

// This file has the functions whose results may be larger than their arguments. They fail, or panic, with function.ErrSize before they
// make what is too large.

// Repeat is a text n times.
func Repeat(s string, n int64) (string, error) {
	switch {
	case n < 0:
		return "", ErrOverflow
	case n > function.MaxMade || int64(len(s))*n > function.MaxMade:
		return "", function.ErrSize
	}
	return strings.Repeat(s, int(n)), nil
}

// PadStart puts pad before a text, repeatedly, until it has n code points.
func PadStart(s string, n int64, pad string) (string, error) {
	lack := n - int64(utf8.RuneCountInString(s))
	if lack <= 0 || pad == "" {
		return s, nil
	}
	if lack > function.MaxMade {
		return "", function.ErrSize
	}
	p := []rune(strings.Repeat(pad, int(lack)/utf8.RuneCountInString(pad)+1))
	return string(p[:lack]) + s, nil
}

// Replace is a text with each occurrence of old replaced.
func Replace(s, old, with string) (string, error) {
	if size := len(s) + strings.Count(s, old)*(len(with)-len(old)); size > max(len(s), function.MaxMade) {
		return "", function.ErrSize
	}
	return strings.ReplaceAll(s, old, with), nil
}

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
