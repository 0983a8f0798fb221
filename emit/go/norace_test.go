//go:build !race

package emitgo_test

// sample returns all names.
func sample(names []string) []string { return names }
