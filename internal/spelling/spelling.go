// Package spelling finds what the author of a misspelled name most likely meant.
package spelling

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Suggest returns the candidate that is closest to name in spelling, and that its author most likely meant. Of equally
// close ones it returns the first. ok is false if none is close enough.
func Suggest(name string, candidates []string) (best string, ok bool) {
	limit := max(1, (len(name)+1)/3)
	for _, c := range candidates {
		if c == name || len(c)-len(name) > limit || len(name)-len(c) > limit { // at least as many letters must be added or removed
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if d > 0 && d >= len(name) { // nothing in common
			continue
		}
		if d <= limit && (!ok || d < limit || strings.EqualFold(c, name)) {
			if ok && d == limit {
				continue
			}
			best, ok, limit = c, true, d
		}
	}
	return best, ok
}

// Slip reports whether a name differs from another by one letter that is missing, added or wrong, or by two that are swapped.
func Slip(name, other string) bool {
	return distance(strings.ToLower(name), strings.ToLower(other)) == 1
}

// distance is the Levenshtein distance, but counts two swapped neighbours as one change.
func distance(a, b string) int {
	for i := range len(a) - 1 {
		if len(a) == len(b) && a[:i] == b[:i] && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
			return 1
		}
	}
	return levenshtein.ComputeDistance(a, b)
}
