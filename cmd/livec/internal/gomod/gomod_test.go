package gomod

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/modfile"
)

// runtimeFiles makes a folder that looks like the runtime's module.
func runtimeFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module "+Runtime+"\n\ngo 1.26.0\n\nrequire (\n\texample.com/a v1.2.0\n\texample.com/b v1.0.0 "+
		"// indirect\n\tgithub.com/spf13/cobra v1.10.2\n)\n\ntool example.com/b/cmd\n")
	write(t, filepath.Join(dir, "go.sum"), "example.com/a v1.1.0/go.mod h1:old=\n"+
		"example.com/a v1.2.0 h1:a=\nexample.com/a v1.2.0/go.mod h1:am=\n"+
		"example.com/b v1.0.0 h1:b=\nexample.com/b v1.0.0/go.mod h1:bm=\ngithub.com/spf13/cobra v1.10.2 h1:c=\n")
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

// required edits a go.mod for an origin, without the go command, and returns the new go.mod and whether it has changed. All sums are there.
func required(t *testing.T, gomod string, o Origin) (string, bool) {
	t.Helper()
	t.Setenv("PATH", "")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), gomod)
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(o.files, "go.sum"))+strings.Join(o.sums, "\n"))
	m, err := Around(filepath.Join(dir, "gen", "deep"))
	if err != nil {
		t.Fatal(err)
	}
	told, err := m.Require(context.Background(), o, "./...")
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join(dir, "go.mod"))
	if _, err := modfile.Parse("go.mod", []byte(text), nil); err != nil {
		t.Fatal(err)
	}
	return text, len(told) > 0
}

func TestRequire(t *testing.T) {
	files := runtimeFiles(t)
	checkout := Origin{Version: developVersion, Dir: files, files: files}
	release := Origin{Version: "v1.4.0", files: files, sums: []string{Runtime + " v1.4.0 h1:l=", Runtime + " v1.4.0/go.mod h1:lm="}}
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
		{"an older Go is raised", "module m\n\ngo 1.26\n", checkout, []string{"go 1.26.0\n"}, "go 1.26\n"},
		{"what only livec needs", "module m\n", checkout, []string{"example.com/b"}, "spf13/cobra"},
		{"what only livec needs, but the user too", "module m\n\nrequire github.com/spf13/cobra v1.0.0\n", checkout,
			[]string{"spf13/cobra v1.10.2"}, "cobra v1.0.0"},
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

// TestDeletedLines deletes each line of go.mod and go.sum in turn: the next build brings it back, or says what is wrong.
func TestDeletedLines(t *testing.T) {
	t.Setenv("PATH", "")
	files, dir := runtimeFiles(t), t.TempDir()
	release := Origin{Version: "v1.4.0", files: files, sums: []string{Runtime + " v1.4.0 h1:l=", Runtime + " v1.4.0/go.mod h1:lm="}}
	mod, sum := filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum")
	for _, o := range []Origin{{Version: developVersion, Dir: files, files: files}, release} {
		write(t, mod, "module m\n")
		write(t, sum, "")
		build := func() ([]string, error) {
			m, err := Around(dir)
			if err != nil {
				return nil, err
			}
			return m.Require(t.Context(), o, "./...")
		}
		if _, err := build(); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{mod: read(t, mod), sum: read(t, sum)}
		if lines := strings.Count(want[sum], "\n"); lines != 4+len(o.sums) || strings.Contains(want[sum], "old") {
			t.Errorf("go.sum has\n%s", want[sum])
		}
		deleted := 0
		for name, text := range want {
			lines := strings.SplitAfter(text, "\n")
			for i, line := range lines {
				if strings.TrimSpace(line) == "" {
					continue
				}
				write(t, name, strings.Join(lines[:i], "")+strings.Join(lines[i+1:], ""))
				told, err := build()
				switch {
				case err != nil && name == mod && (strings.HasPrefix(line, "module") || strings.ContainsAny(line, "()")):
					write(t, name, text)
				case err != nil || len(told) == 0:
					t.Errorf("without %q: %v, %v", line, told, err)
				}
				for name, text := range want { // lines may have moved
					if d := cmp.Diff(sorted(text), sorted(read(t, name))); d != "" {
						t.Fatalf("without %q (-want +got):\n%s", line, d)
					}
					write(t, name, text)
				}
				deleted++
			}
		}
		if told, err := build(); len(told) > 0 || err != nil || deleted < 8 {
			t.Errorf("%d lines deleted; at the end %v, %v", deleted, told, err)
		}
	}
}

func sorted(text string) []string {
	return slices.Sorted(strings.SplitSeq(strings.TrimSpace(text), "\n"))
}

// TestUsersReplacement keeps a replacement of the runtime that the user has made, and adds what that one requires.
func TestUsersReplacement(t *testing.T) {
	files, other := runtimeFiles(t), runtimeFiles(t)
	write(t, filepath.Join(other, "go.mod"), "module "+Runtime+"\n\ngo 1.27.0\n\nrequire example.com/forked v1.0.0\n")
	gomod := "module m\n\nrequire " + Runtime + " v0.0.0\n\nreplace " + Runtime + " => " + other + "\n"
	o := Origin{Version: developVersion, Dir: files, files: files}
	got, changed := required(t, gomod, o)
	for _, want := range []string{"=> " + other, "go 1.27.0", "example.com/forked v1.0.0"} {
		if !changed || !strings.Contains(got, want) || strings.Contains(got, "example.com/a") {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if again, changed := required(t, got, o); changed || again != got {
		t.Errorf("changed to:\n%s", again)
	}
}

func TestPrivate(t *testing.T) {
	files, dir := runtimeFiles(t), t.TempDir()
	m, err := Private(dir, Origin{Version: developVersion, Dir: files, files: files})
	if err != nil || m.Path != privatePath {
		t.Fatal(m, err)
	}
	first := read(t, filepath.Join(dir, "go.mod"))
	if !strings.Contains(first, "example.com/b") || !strings.Contains(read(t, filepath.Join(dir, "go.sum")), "h1:am=") {
		t.Errorf("something is missing in:\n%s", first)
	}
	write(t, filepath.Join(files, "go.mod"), "module "+Runtime+"\n\nrequire example.com/c v1.0.0\n")
	if _, err := Private(dir, Origin{Version: developVersion, Dir: files, files: files}); err != nil {
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
