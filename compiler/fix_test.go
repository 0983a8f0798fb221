package compiler

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// TestFixes applies each fix of the goldens by itself: the diagnostic that offers it is gone then, and none has come in its place.
func TestFixes(t *testing.T) {
	paths, err := filepath.Glob("../testdata/check/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	applied := 0
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files := sources(a)
		_, list := Compile("app", files)
		for _, d := range list {
			if d.Fix == nil {
				continue
			}
			applied++
			_, after := Compile("app", edited(files, d.Fix.Edits))
			fewer := errors(list) - errors(after)
			worse := fewer < 0 || fewer == 0 && d.Severity == diag.Error
			if worse && !slices.Contains(learns, d.Code) || contains(after, d) >= contains(list, d) {
				t.Errorf("%s: the fix %q of\n%s leaves\n%s", path, d.Fix.Title, lines(diag.List{d}), lines(after))
			}
		}
	}
	if applied < 30 {
		t.Errorf("only %d fixes were applied", applied)
	}
}

// learns are codes of names and types: once one is known, more can be reported about what is made with it.
var learns = []diag.Code{diag.CodeUnknownName, diag.CodeUnknownField, diag.CodeUnknownModule, diag.CodeNotDeclared, diag.CodeRowColumn}

func errors(list diag.List) (n int) {
	for _, d := range list {
		if d.Severity == diag.Error {
			n++
		}
	}
	return n
}

// contains counts the diagnostics that say the same, wherever.
func contains(list diag.List, d diag.Diagnostic) (n int) {
	for _, o := range list {
		if o.Code == d.Code && o.Message == d.Message && o.Primary.File.Path == d.Primary.File.Path {
			n++
		}
	}
	return n
}

func sources(a *txtar.Archive) []*source.File {
	var files []*source.File
	for _, f := range a.Files {
		if f.Name != "want" {
			files = append(files, &source.File{Path: f.Name, Module: strings.TrimSuffix(f.Name, ".live"), Text: string(f.Data)})
		}
	}
	return files
}

// edited are files with some edits made, the last of a file first.
func edited(files []*source.File, edits []diag.Edit) []*source.File {
	edits = slices.SortedFunc(slices.Values(edits), func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	var out []*source.File
	for _, f := range files {
		text := f.Text
		for _, e := range edits {
			if e.File.Path == f.Path {
				text = text[:e.Span.Start] + e.Text + text[e.Span.End:]
			}
		}
		out = append(out, &source.File{Path: f.Path, Module: f.Module, Text: text})
	}
	return out
}
