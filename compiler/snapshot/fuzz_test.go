package snapshot

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/lang/source"
)

// FuzzQueries asks everything at any offset of any text: there is never a panic, and no place outside of a file.
func FuzzQueries(f *testing.F) {
	for _, pattern := range []string{"../../testdata/check/*/*.txtar", "../../testdata/snapshot/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatal(paths, err)
		}
		for _, path := range paths {
			a, err := txtar.ParseFile(path)
			if err != nil {
				f.Fatal(err)
			}
			files, _ := marked(a)
			for _, s := range files {
				f.Add(s.Text, int32(len(s.Text)/2))
			}
		}
	}
	text, err := os.ReadFile("../../testdata/cookbook/cookbook.live")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text), int32(0))
	f.Fuzz(func(t *testing.T, text string, offset int32) {
		s := New("app", []*source.File{{Path: "app.live", Module: "app", Text: text}})
		for _, at := range []int32{offset, 0, int32(len(text)), -1, int32(len(text)) / 3, int32(len(text)) / 2} {
			s.TypeOf("app.live", at)
			s.Hover("app.live", at)
			if d, ok := s.Definition("app.live", at); ok {
				within(t, d)
			}
			for _, u := range s.Uses("app.live", at) {
				within(t, u)
			}
		}
		for _, i := range s.Symbols("app.live") {
			within(t, Location{s.File("app.live"), i.Span})
		}
	})
}

func within(t *testing.T, l Location) {
	if l.Span.Start < 0 || l.Span.End < l.Span.Start || int(l.Span.End) > len(l.File.Text) {
		t.Fatalf("%v is outside of %s", l.Span, l.File.Path)
	}
}
