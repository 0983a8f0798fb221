package format

import (
	"os"
	"path/filepath"
	"testing"
)

// corpus returns the apps of this project, the standard library and the examples of the reference, by name.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"../../examples/*.live", "../../stdlib/*.live", "../../testdata/cookbook/*.live"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[path] = string(data)
		}
	}
	if len(out) < 10 {
		t.Fatalf("the corpus has %d files only", len(out))
	}
	return out
}
