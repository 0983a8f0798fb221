package client

import (
	"os"
	"os/exec"
	"slices"
	"testing"
)

func TestFiles(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"_live/index.js", "_live/index.d.ts", "_live/track.js", "_live/svelte.js", ContractFile,
		"live.vite.js", "live.vite.d.ts", "live.tsconfig.json", "package.json",
	} {
		if !slices.ContainsFunc(files, func(f File) bool { return f.Path == want && len(f.Data) > 0 }) {
			t.Errorf("%s is not among the files", want)
		}
	}
}

// TestUpToDate builds what is embedded from its sources.
func TestUpToDate(t *testing.T) {
	if _, err := os.Stat("node_modules"); err != nil {
		t.Skip("the npm packages are not installed")
	}
	if out, err := exec.Command("node", "build.mjs", "--check").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
