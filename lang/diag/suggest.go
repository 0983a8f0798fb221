package diag

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Suggest gives the candidate that somebody who wrote name most likely meant: near in spelling, the first of equals. ok is false where none
// is near enough.
func Suggest(name string, candidates []string) (best string, ok bool) {
	limit := max(1, (len(name)+1)/3)
	for _, c := range candidates {
		if c == name || len(c)-len(name) > limit || len(name)-len(c) > limit { // as many letters at least have to come or go
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

// distance is Levenshtein's, but two neighbours that changed places are one mistake.
func distance(a, b string) int {
	for i := range len(a) - 1 {
		if len(a) == len(b) && a[:i] == b[:i] && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
			return 1
		}
	}
	return levenshtein.ComputeDistance(a, b)
}
