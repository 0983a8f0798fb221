package emitgo_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/internal/golden"
)

// goldens is the folder of the cases. It has a folder for each construct.
const goldens = "../../testdata/go/"

// archives returns the cases by construct/case.
func archives(t *testing.T) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob(goldens + "*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	out := map[string]*txtar.Archive{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(path), goldens), ".txtar")] = a
	}
	return out
}

// sources returns the modules of a case.
func sources(a *txtar.Archive) map[string]string {
	modules := map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutSuffix(f.Name, ".live"); ok {
			modules[name] = string(f.Data)
		}
	}
	return modules
}

// TestGolden emits the app of each case and compares the files under want/ with the output.
func TestGolden(t *testing.T) {
	for name, a := range archives(t) {
		t.Run(name, func(t *testing.T) {
			emitted(t, a)
			golden.File(t, goldens+name+".txtar", txtar.Format(a))
		})
	}
}

// emitted replaces the wanted files of a case by the output.
func emitted(t *testing.T, a *txtar.Archive) {
	t.Helper()
	files := compile(t, "app", sources(a))
	same := func(a, b emit.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }
	if again := compile(t, "app", sources(a)); !slices.EqualFunc(files, again, same) {
		t.Error("the same program gave other files")
	}
	made := map[string][]byte{}
	for _, f := range files {
		made[f.Path] = f.Data
	}
	for i, f := range a.Files {
		name, ok := strings.CutPrefix(f.Name, "want/")
		if !ok {
			continue
		}
		got, ok := made[name]
		if !ok {
			t.Errorf("%s is not made", name)
			continue
		}
		a.Files[i].Data = got
	}
}
