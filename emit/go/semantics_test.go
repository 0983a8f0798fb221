package emitgo_test

import (
	"path/filepath"
	"testing"
)

// TestSemantics compiles the app in testdata/semantics, whose rpcs are small and tricky but right, and compares what they give with what calls.txt says. -update writes it anew.
func TestSemantics(t *testing.T) {
	const dir = "../../testdata/semantics"
	calls, err := filepath.Abs(dir + "/calls.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("LIVE_CALLS", calls)
	if *update {
		t.Setenv("LIVE_UPDATE", "1")
	}
	runApp(t, "semantics", dir, nil)
}
