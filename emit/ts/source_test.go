package emitts

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
)

// compile compiles the .live files of an app.
func compile(t *testing.T, name string, files []*source.File) *compiler.App {
	t.Helper()
	p, list := compiler.Compile(name, files)
	for _, d := range list {
		if p == nil {
			at := ""
			if f := d.Primary.File; f != nil {
				at = f.Text[d.Primary.Span.Start:min(int(d.Primary.Span.Start)+40, len(f.Text))]
			}
			t.Errorf("%s: %s %s at %q", name, d.Code, d.Message, at)
		}
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

func sourceFile(name, text string) *source.File {
	return &source.File{Path: name, Module: strings.TrimSuffix(name, ".live"), Text: text}
}

// TestSource compiles the sources of each archive and compares the output with the archive.
func TestSource(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var apps []emit.File
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var sources []*source.File
		var kept []txtar.File
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".live") {
				sources = append(sources, sourceFile(f.Name, string(f.Data)))
				kept = append(kept, f)
			}
		}
		if len(sources) == 0 {
			continue // this case has no source
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		t.Run(name, func(t *testing.T) {
			all, own := generated(t, compile(t, name, sources))
			for _, f := range own.Files {
				if strings.HasSuffix(f.Name, ".ts") {
					kept = append(kept, f)
				}
			}
			for _, f := range all {
				apps = append(apps, emit.File{Path: name + "/" + f.Path, Data: f.Data})
			}
			golden.File(t, path, txtar.Format(&txtar.Archive{Files: kept}))
		})
	}
	t.Run("types", func(t *testing.T) { checkTypes(t, apps) })
}

// TestExamples type-checks the clients of the examples.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil {
		t.Fatal(err)
	}
	var apps []emit.File
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(p)
		all, _ := generated(t, compile(t, name, []*source.File{sourceFile(name, string(text))}))
		for _, f := range all {
			apps = append(apps, emit.File{Path: path.Join(name, f.Path), Data: f.Data})
		}
	}
	if len(apps) == 0 {
		t.Fatal("there are no examples")
	}
	checkTypes(t, apps)
}

// checkTypes type-checks the clients of several apps, each in its folder.
func checkTypes(t *testing.T, apps []emit.File) {
	t.Helper()
	tsc := tool(t, "tsc")
	config := strings.ReplaceAll(strictest, `"extends": "./client/live.tsconfig.json",`, "")
	config = strings.ReplaceAll(config, `"client/**/*.ts"`, `"**/*.ts"`)
	dir := writeApp(t, append(apps, emit.File{Path: "tsconfig.json", Data: []byte(config)}))
	if out, err := exec.Command(tsc, "-p", dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
