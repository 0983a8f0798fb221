package parser

import (
	"os"
	"testing"
)

// TestEveryConstructHasItsFiles expects a file for each construct in each folder of the syntax, and cases for it.
func TestEveryConstructHasItsFiles(t *testing.T) {
	other := map[string]string{"type": "typedecl", "extern": "fn"}
	for _, word := range Keywords() {
		name := word
		if n, ok := other[word]; ok {
			name = n
		}
		for _, path := range []string{"../ast/" + name + ".go", name + ".go", "../format/" + name + ".go",
			"../../testdata/syntax/" + name + ".txtar"} {
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s has no file: %v", word, err)
			}
		}
	}
}
