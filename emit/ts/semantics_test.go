package emitts

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/lang/source"
)

// TestSemantics type-checks the client of the app in testdata/semantics, whose programs are valid edge cases.
func TestSemantics(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/semantics/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	var files []*source.File
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sourceFile(filepath.Base(p), string(text)))
	}
	all, _ := generated(t, compile(t, "semantics", files))
	checkTypes(t, all)
}
