package gomod

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// runtimeFiles makes a folder that looks like the runtime's module.
func runtimeFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module "+Runtime+"\n\ngo 1.26.0\n\nrequire (\n\texample.com/a v1.2.0\n\texample.com/b v1.0.0 "+
		"// indirect\n)\n\ntool example.com/b/cmd\n")
	write(t, filepath.Join(dir, "go.sum"), "example.com/a v1.2.0 h1:a=\nexample.com/a v1.2.0/go.mod h1:am=\n")
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// required edits a go.mod for an origin, without the go command, and returns the new go.mod and whether it has changed.
func required(t *testing.T, gomod string, o Origin) (string, bool) {
	t.Helper()
	t.Setenv("PATH", "")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), gomod)
	m, err := Around(filepath.Join(dir, "gen", "deep"))
	if err != nil {
		t.Fatal(err)
	}
	changed, err := m.Require(context.Background(), o, "./...")
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join(dir, "go.mod"))
	if _, err := modfile.Parse("go.mod", []byte(text), nil); err != nil {
		t.Fatal(err)
	}
	return text, changed
}

func TestRequire(t *testing.T) {
	files := runtimeFiles(t)
	checkout := Origin{developVersion, files, files}
	release := Origin{"v1.4.0", "", files}
	tests := []struct {
		name, gomod string
		origin      Origin
		want        []string
		without     string // text that go.mod must not contain
	}{
		{"a new module, a checkout", "module m\n", checkout,
			[]string{"go 1.26.0", "require " + Runtime + " v0.0.0\n", "replace " + Runtime + " => " + files, "example.com/a v1.2.0 // indirect"},
			"tool"},
		{"a new module, a release", "module m\n", release, []string{"require " + Runtime + " v1.4.0\n"}, "replace"},
		{"newer ones stay", "module m\n\ngo 1.27.1\n\nrequire example.com/a v1.3.0\n", release, []string{"go 1.27.1", "example.com/a v1.3.0\n"},
			"v1.2.0"},
		{"older ones are raised", "module m\n\nrequire (\n\t" + Runtime + " v1.0.0\n\texample.com/a v1.0.0 // why\n)\n", release,
			[]string{Runtime + " v1.4.0", "example.com/a v1.2.0 // why"}, "v1.0.0 // why"},
		{"a replacement that leads nowhere", "module m\n\nreplace " + Runtime + " => ../gone\n", checkout, []string{"=> " + files}, "../gone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, changed := required(t, test.gomod, test.origin)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in:\n%s", want, got)
				}
			}
			if !changed || strings.Contains(got, test.without) && test.without != "" {
				t.Errorf("changed: %v; %q in:\n%s", changed, test.without, got)
			}
			if again, changed := required(t, got, test.origin); changed || again != got {
				t.Errorf("a second time changes it to:\n%s", again)
			}
		})
	}
}

// TestUsersReplacement keeps a replacement of the runtime that the user has made.
func TestUsersReplacement(t *testing.T) {
	files, other := runtimeFiles(t), runtimeFiles(t)
	gomod := "module m\n\nrequire " + Runtime + " v0.0.0\n\nreplace " + Runtime + " => " + other + "\n"
	if got, changed := required(t, gomod, Origin{developVersion, files, files}); changed || got != gomod {
		t.Errorf("changed to:\n%s", got)
	}
}

func TestPrivate(t *testing.T) {
	files, dir := runtimeFiles(t), t.TempDir()
	m, err := Private(dir, Origin{developVersion, files, files})
	if err != nil || m.Path != privatePath {
		t.Fatal(m, err)
	}
	first := read(t, filepath.Join(dir, "go.mod"))
	if !strings.Contains(first, "example.com/b") || !strings.Contains(read(t, filepath.Join(dir, "go.sum")), "h1:am=") {
		t.Errorf("something is missing in:\n%s", first)
	}
	write(t, filepath.Join(files, "go.mod"), "module "+Runtime+"\n\nrequire example.com/c v1.0.0\n")
	if _, err := Private(dir, Origin{developVersion, files, files}); err != nil {
		t.Fatal(err)
	}
	if now := read(t, filepath.Join(dir, "go.mod")); !strings.Contains(now, "example.com/c") || strings.Contains(now, "example.com/a") {
		t.Errorf("it does not follow the runtime:\n%s", now)
	}
}

func TestFind(t *testing.T) {
	t.Setenv(checkoutEnv, "")
	o, err := Find()
	if err != nil || !isRuntime(o.Dir) {
		t.Errorf("this checkout is not found: %+v, %v", o, err)
	}
	t.Setenv(checkoutEnv, t.TempDir())
	if o, err := Find(); err == nil {
		t.Errorf("took %+v for a checkout", o)
	}
	files := runtimeFiles(t)
	t.Setenv(checkoutEnv, files)
	if o, err := Find(); err != nil || o.Dir != files {
		t.Errorf("got %+v, %v", o, err)
	}
}
