package snapshot

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
)

// TestQueries asks the apps in testdata/snapshot at the places that are marked in their texts, as in `«1»name`, and compares the answers
// with those in the section `want`. The section `outline`, where there is one, has the outline of each file.
func TestQueries(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/snapshot/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files, marks := marked(a)
			s := New("app", files)
			got := map[string]string{"want": answers(s, marks), "outline": outlines(s, files)}
			for i, f := range a.Files {
				if text, ok := got[f.Name]; ok {
					a.Files[i].Data = []byte(text)
				}
			}
			golden.File(t, path, txtar.Format(a))
		})
	}
}

// mark is a place to ask at.
type mark struct {
	name   string
	path   string
	offset int32
}

var markers = regexp.MustCompile(`«([^»]*)»`)

// marked returns the files of an archive without their marks, and the marks.
func marked(a *txtar.Archive) ([]*source.File, []mark) {
	var files []*source.File
	var marks []mark
	for _, f := range a.Files {
		if !strings.HasSuffix(f.Name, ".live") {
			continue
		}
		text, removed := string(f.Data), 0
		for _, m := range markers.FindAllStringSubmatchIndex(text, -1) {
			marks = append(marks, mark{text[m[2]:m[3]], f.Name, int32(m[0] - removed)})
			removed += m[1] - m[0]
		}
		text = markers.ReplaceAllString(text, "")
		files = append(files, &source.File{Path: f.Name, Module: strings.TrimSuffix(f.Name, ".live"), Text: text})
	}
	return files, marks
}

func answers(s *Snapshot, marks []mark) string {
	var b strings.Builder
	for _, d := range s.Check() {
		fmt.Fprintf(&b, "%s %s\n", place(Location{d.Primary.File, d.Primary.Span}), d.Code)
	}
	for _, m := range marks {
		sym, at, ok := s.SymbolAt(m.path, m.offset)
		if !ok {
			t, _ := s.TypeOf(m.path, m.offset)
			fmt.Fprintf(&b, "%s: type %s\n", m.name, t)
			continue
		}
		fmt.Fprintf(&b, "%s: %s `%s`\n", m.name, sym.Kind, at.File.Text[at.Span.Start:at.Span.End])
		if h, ok := s.Hover(m.path, m.offset); ok {
			fmt.Fprintf(&b, "  hover: %s\n", h.Title)
			for _, line := range h.Doc {
				fmt.Fprintf(&b, "  doc: %s\n", line)
			}
		}
		if t, ok := s.TypeOf(m.path, m.offset); ok {
			fmt.Fprintf(&b, "  type: %s\n", t)
		}
		if d, ok := s.Definition(m.path, m.offset); ok {
			fmt.Fprintf(&b, "  definition: %s\n", place(d))
		}
		var uses []string
		for _, u := range s.Uses(m.path, m.offset) {
			uses = append(uses, place(u))
		}
		fmt.Fprintf(&b, "  uses: %s\n", strings.Join(uses, " "))
	}
	return b.String()
}

func place(l Location) string {
	p := l.File.Position(l.Span.Start)
	return fmt.Sprintf("%s:%d:%d", l.File.Path, p.Line, p.Column)
}

func outlines(s *Snapshot, files []*source.File) string {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "%s\n", f.Path)
		write(&b, f, s.Symbols(f.Path), "  ")
	}
	return b.String()
}

func write(b *strings.Builder, f *source.File, items []Item, indent string) {
	for _, i := range items {
		p, end := f.Position(i.Span.Start), f.Position(i.Span.End)
		fmt.Fprintf(b, "%s%s %s %d:%d-%d:%d\n", indent, i.Kind, i.Name, p.Line, p.Column, end.Line, end.Column)
		write(b, f, i.Children, indent+"  ")
	}
}

// TestUpdate shows what versions of an app share: the trees of files that have not changed, and those of the standard library.
func TestUpdate(t *testing.T) {
	file := func(module, text string) *source.File {
		return &source.File{Path: module + ".live", Module: module, Text: text}
	}
	first := New("app", []*source.File{
		file("app", "use std/access { signedIn }\nuse model { Note }\nrpc add(text: string) guard signedIn { insert Note { text } }\n"),
		file("model", "table Note { id: id  text: string }\ntable User { id: id }\nupgrade -> User? = session()\n"),
	})
	second := first.Update(Change{File: file("app", "use model { Note }\nrpc add(text: int) public { insert Note { text } }\n"), Version: 2},
		Change{File: file("model", first.File("model.live").Text), Version: 1})
	third := second.Update(Change{File: file("model", ""), Removed: true}, Change{File: file("other", "table Other { id: id }\n"), Version: 7})
	fourth := third.Update(Change{File: first.File("app.live"), Version: 3}, Change{File: first.File("model.live"), Version: 2})

	for i, s := range []*Snapshot{first, second, third, fourth} {
		wrong := []bool{false, true, true, false}[i]
		if list := s.Check(); list.HasErrors() != wrong {
			t.Errorf("snapshot %d: %v", i+1, list)
		}
	}
	tree := func(s *Snapshot, path string) any { return s.check().trees[s.File(path)] }
	if tree(first, "model.live") != tree(second, "model.live") {
		t.Error("a file of the same text was parsed again")
	}
	if tree(first, "app.live") == tree(second, "app.live") {
		t.Error("a file of another text was not parsed again")
	}
	if tree(first, "std/access.live") != tree(fourth, "std/access.live") {
		t.Error("the standard library was parsed again")
	}
	if third.File("model.live") != nil || third.File("other.live") == nil {
		t.Error("a file was not removed, or not added")
	}
	for path, want := range map[string]int{"app.live": 2, "model.live": 1} {
		if got, ok := second.Version(path); !ok || got != want {
			t.Errorf("version of %s is %d, want %d", path, got, want)
		}
	}
	if _, ok := third.Version("model.live"); ok {
		t.Error("a file that is gone has a version")
	}
}

// TestShared checks, for the race detector, two snapshots that share trees at the same time.
func TestShared(t *testing.T) {
	a, err := txtar.ParseFile("../../testdata/snapshot/names.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, marks := marked(a)
	first := New("app", files)
	var snapshots []*Snapshot
	for i := range 4 {
		more := &source.File{Path: "more.live", Module: "more", Text: fmt.Sprintf("use std/access { signedIn }\nrpc more() -> int guard "+
			"signedIn { return %d }\n", i)}
		snapshots = append(snapshots, first.Update(Change{File: more}), first)
	}
	done := make(chan string)
	for _, s := range snapshots {
		go func() { done <- answers(s, marks) }()
	}
	var got []string
	for range snapshots {
		got = append(got, <-done)
	}
	slices.Sort(got)
	if got[0] == "" {
		t.Error("no answers")
	}
}
