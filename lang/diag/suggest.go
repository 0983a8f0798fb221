package diag

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Suggest gives the candidate that somebody who wrote name most likely meant: near in spelling, the first of equals. ok is false where none is near enough.
func Suggest(name string, candidates []string) (best string, ok bool) {
	limit := max(1, (len(name)+1)/3)
	for _, c := range candidates {
		if c == name {
			continue
		}
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(c))
		if d <= limit && (!ok || d < limit || strings.EqualFold(c, name)) {
			if ok && d == limit {
				continue
			}
			best, ok, limit = c, true, d
		}
	}
	return best, ok
}
