package snapshot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/load"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// TestExamples asks at each word of the examples, as an editor has them open, and of the same texts without one of their words. Each
// name is among its own uses, and its definition is a place with this name. What an edit in one file breaks, stays in that file.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		dir, name := filepath.Split(path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files, err := load.Folder{FS: load.Overlay(os.DirFS(dir), map[string]string{name: string(text)}), Path: "."}.With(name)
		if err != nil {
			t.Fatal(err)
		}
		other := &source.File{Path: "other.live", Module: "other", Text: "fn other(n: int) -> int = n\n"}
		first := New(name, append(files, other))
		words := token.Scan(string(text)).Tokens
		consistent(t, first, name)
		for i := 0; i < len(words)-1; i += max(1, len(words)/20) {
			w := words[i].Span
			file := &source.File{Path: name, Module: strings.TrimSuffix(name, ".live"), Text: string(text[:w.Start]) + string(text[w.End:])}
			next := first.Update(Change{File: file, Version: i})
			consistent(t, next, name)
			consistent(t, next, other.Path)
			if next.check().trees[other] != first.check().trees[other] {
				t.Errorf("%s: an edit of it has the other file parsed again", name)
			}
		}
	}
}

func consistent(t *testing.T, s *Snapshot, path string) {
	t.Helper()
	file := s.File(path)
	for _, w := range token.Scan(file.Text).Tokens {
		symbol, at, ok := s.SymbolAt(path, w.Span.Start)
		if w.Kind != token.Ident || !ok {
			continue
		}
		if _, ok := s.Hover(path, w.Span.Start); !ok || !slices.Contains(s.Uses(path, w.Span.Start), at) {
			t.Errorf("%s: %s is not among its uses", place(at), symbol.Name)
		}
		d, ok := s.Definition(path, w.Span.Start)
		if name := d.name(); ok && symbol.Kind != "module" && name != symbol.Name && !strings.Contains(name, "\n") {
			t.Errorf("%s: %s is defined at %s, where %s is", place(at), symbol.Name, place(d), name)
		}
	}
}

// name is the text at a place. That of the request of a webhook is the whole webhook, since nothing declares it by name.
func (l Location) name() string {
	if l.File == nil {
		return ""
	}
	return l.File.Text[l.Span.Start:l.Span.End]
}
