// Package house checks that the folders match the map in ARCHITECTURE.md and the rules in CONTRIBUTING.md. Each test is one rule. Its
// message says where the rule is broken, why the rule exists, and what to do.
package house

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/livec-lang/livec/"
)

// rule is what a test checks.
type rule struct{ what, why, todo string }

// broken reports a place where the rule is broken. note says what is there.
func (r rule) broken(t *testing.T, place, note string, args ...any) {
	t.Helper()
	t.Errorf("%s: %s\n  rule:   %s\n  reason: %s\n  to do:  %s", place, fmt.Sprintf(note, args...), r.what, r.why, r.todo)
}

// file is a file of the project. Its path is relative to the root, with slashes.
type file struct {
	path, text string
	code       *ast.File // nil unless it is Go
	fset       *token.FileSet
}

func (f *file) isGo() bool   { return strings.HasSuffix(f.path, ".go") }
func (f *file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// generated reports whether the file is generated (https://go.dev/s/generatedcode).
func (f *file) generated() bool { return f.code != nil && ast.IsGenerated(f.code) }

// within reports whether the file is in a folder or one of its subfolders.
func (f *file) within(folder string) bool { return strings.HasPrefix(f.path, folder+"/") }

// place is a line of the file.
func (f *file) place(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(pos).Line)
}

// binary are the extensions of files that are not text.
var binary = map[string]bool{".png": true, ".ico": true, ".woff2": true, ".gz": true, ".db": true}

// built is what the project has of files that a build writes.
const built = "client/dist/"

// files are all files of the project: those that git tracks or would add, but for what is built.
var files = sync.OnceValues(func() ([]*file, error) {
	names, err := listed()
	if err != nil {
		return nil, err
	}
	var out []*file
	folders := map[string]bool{}
	for _, name := range names {
		if strings.HasPrefix(name, built) || binary[path.Ext(name)] {
			continue
		}
		f, err := read(name)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		out = append(out, f)
		// go test runs a test again if a folder that it has read has changed. Of what git reads it knows nothing.
		for folder := path.Dir(name); !folders[folder]; folder = path.Dir(folder) {
			folders[folder] = true
			if _, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder))); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
})

// listed gives the paths of the files that git tracks, and of new ones that it does not ignore.
func listed() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files does not run; these tests need a clone of the repository, and git: %w", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

// read reads a file; nil if it is not a regular one, or was deleted and git does not know yet.
func read(name string) (*file, error) {
	full := filepath.Join(root, filepath.FromSlash(name))
	info, err := os.Lstat(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, nil
	}
	text, err := os.ReadFile(full)
	if err != nil {
		return nil, err
	}
	f := &file{path: name, text: string(text)}
	if f.isGo() {
		f.fset = token.NewFileSet()
		f.code, err = parser.ParseFile(f.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	}
	return f, err
}

// all gives the files of the project.
func all(t *testing.T) []*file {
	t.Helper()
	out, err := files()
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 100 {
		t.Fatalf("%d files found in %s", len(out), root)
	}
	return out
}

// goFiles gives those in Go that people write.
func goFiles(t *testing.T) []*file {
	t.Helper()
	var out []*file
	for _, f := range all(t) {
		if f.isGo() && !f.generated() {
			out = append(out, f)
		}
	}
	return out
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil
}
