//go:build race

package emitgo_test

// sample returns every third name, and all of one letter: with the race detector, which has
// nothing to find here, all of them take a minute. Without it, the test has all names.
func sample(names []string) []string {
	var out []string
	for i, n := range names {
		if i%3 == 0 || len(n) == 1 {
			out = append(out, n)
		}
	}
	return out
}
