package emitgo_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/source"
)

// module is the import path of this module, in which generated code is compiled.
const module = "github.com/livec-lang/livec"

// compile makes the server of an app of some modules, by their names.
func compile(t *testing.T, name string, modules map[string]string) []emit.File {
	t.Helper()
	var files []*source.File
	for m, text := range modules {
		files = append(files, &source.File{Path: m + ".live", Module: m, Text: text})
	}
	p, list := compiler.Compile(name, files)
	for _, d := range list {
		if list.HasErrors() {
			t.Errorf("%s:%v: %s %s", d.Primary.File.Path, d.Primary.File.Position(d.Primary.Span.Start), d.Code, d.Message)
		}
	}
	if p == nil {
		t.FailNow()
	}
	out, err := emitgo.Emit(p, module+"/generated/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// overlay puts generated files into this module without writing them there, for the go command. It gives the file that says so.
func overlay(t *testing.T, apps map[string][]emit.File) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	replace := map[string]string{}
	for app, files := range apps {
		for _, f := range files {
			to := filepath.Join(dir, app, filepath.FromSlash(f.Path))
			if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
			replace[filepath.Join(root, "generated", app, filepath.FromSlash(f.Path))] = to
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// goRun runs the go command in the root of this module.
func goRun(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestExamples compiles what is written for every example.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	apps := map[string][]emit.File{}
	var packages []string
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".live")
		apps[name] = compile(t, name, map[string]string{name: read(t, path)})
		packages = append(packages, module+"/generated/"+name+"/...")
		keep(t, name, apps[name])
	}
	goRun(t, append([]string{"build", "-overlay", overlay(t, apps)}, packages...)...)
}
