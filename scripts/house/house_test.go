// Package house checks that the folders match the map in ARCHITECTURE.md and the rules in CONTRIBUTING.md. Each test is one rule. Its
// message says where the rule is broken, why the rule exists, and what to do.
package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
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

// skipped are folders that hold what is installed or built.
var skipped = map[string]bool{"node_modules": true, "dist": true, ".git": true, ".svelte-kit": true}

// files are all files of the project but those of npm, and what is built or ignored.
var files = sync.OnceValues(func() ([]*file, error) {
	var out []*file
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skipped[d.Name()] || rel == "gen" {
				return filepath.SkipDir
			}
			return nil
		}
		if binary[path.Ext(rel)] || !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f := &file{path: rel, text: string(text)}
		if f.isGo() {
			f.fset = token.NewFileSet()
			if f.code, err = parser.ParseFile(f.fset, rel, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				return err
			}
		}
		out = append(out, f)
		return nil
	})
	return out, err
})

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
