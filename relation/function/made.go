package function

import (
	"strings"
	"unicode/utf8"
)

// The functions below make texts that may be much longer than their arguments, for pipelines and for generated code. They fail with ErrSize
// before they make one that is too long.

// Repeat is a text n times; n is not negative.
func Repeat(s string, n int64) (string, error) {
	if n > MaxMade || int64(len(s))*n > MaxMade {
		return "", ErrSize
	}
	return strings.Repeat(s, int(n)), nil
}

// PadStart puts pad before a text, repeatedly, until it has n code points.
func PadStart(s string, n int64, pad string) (string, error) {
	lack := n - int64(utf8.RuneCountInString(s))
	switch {
	case lack <= 0 || pad == "":
		return s, nil
	case lack > MaxMade:
		return "", ErrSize
	}
	p := []rune(strings.Repeat(pad, int(lack)/utf8.RuneCountInString(pad)+1))
	return string(p[:lack]) + s, nil
}

// Replace is a text with each occurrence of old replaced.
func Replace(s, old, with string) (string, error) {
	if size := len(s) + strings.Count(s, old)*(len(with)-len(old)); size > max(len(s), MaxMade) {
		return "", ErrSize
	}
	return strings.ReplaceAll(s, old, with), nil
}
