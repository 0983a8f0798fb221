package emitgo_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// module is the import path of this module. Tests compile generated code inside of it.
const module = "github.com/livec-lang/livec"

// compile emits the server of an app with these modules.
func compile(t *testing.T, name string, modules map[string]string) []emit.File {
	t.Helper()
	return compileBy(t, compiler.Compile, name, modules)
}

// compileBy is compile with a given compile function.
func compileBy(
	t *testing.T,
	by func(string, []*source.File) (*compiler.App, diag.List),
	name string,
	modules map[string]string,
) []emit.File {
	t.Helper()
	var files []*source.File
	for m, text := range modules {
		files = append(files, &source.File{Path: m + ".live", Module: m, Text: text})
	}
	p, list := by(name, files)
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

// overlay makes the go command see generated files inside this module without writing them there. It returns the overlay file.
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

// typeCheck type-checks generated apps as parts of this module.
func typeCheck(t *testing.T, apps map[string][]emit.File) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &packages.Config{
		Context: t.Context(), Dir: root, Overlay: map[string][]byte{},
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesInfo | packages.NeedExportFile,
	}
	var patterns []string
	for _, app := range slices.Sorted(maps.Keys(apps)) {
		for _, f := range apps[app] {
			cfg.Overlay[filepath.Join(root, "generated", app, filepath.FromSlash(f.Path))] = f.Data
		}
		patterns = append(patterns, module+"/generated/"+app+"/app")
	}
	loaded, err := packages.Load(cfg, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) != len(apps) {
		t.Errorf("%d packages of %d apps", len(loaded), len(apps))
	}
	for _, p := range loaded {
		if len(p.Errors) == 0 && p.Types.Scope().Lookup("NewRegistry") == nil {
			t.Errorf("%s declares no NewRegistry", p.PkgPath)
		}
		for _, e := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, e)
		}
	}
}

// TestTypes type-checks the output for every example and every golden case.
func TestTypes(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	apps := map[string][]emit.File{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".live")
		apps[name] = compile(t, name, map[string]string{name: read(t, path)})
		keep(t, name, apps[name])
	}
	for name, a := range archives(t) {
		apps[strings.ReplaceAll(name, "/", "_")] = compile(t, "app", sources(a))
	}
	// This case uses the extern functions of the app that is run.
	apps["extern_record"] = append(
		apps["extern_record"],
		emit.File{Path: "../run/mail/mail.go", Data: []byte(read(t, "../../testdata/go/run/mail/mail.go"))},
	)
	typeCheck(t, apps)
}
