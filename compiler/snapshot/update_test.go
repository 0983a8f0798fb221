package snapshot

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/livec-lang/livec/lang/source"
)

var pieces = regexp.MustCompile(`\s+|\w+|.`)

// TestUpdateAgrees edits an app at random, again and again: each version says the same as one that is made of its text from nothing, and so
// do the versions before it once all are made.
func TestUpdateAgrees(t *testing.T) {
	data, err := os.ReadFile("../../examples/notifications.live")
	if err != nil {
		t.Fatal(err)
	}
	model := "table Extra { id: id  note: string }\n/// Writes.\nfn extra(e: Extra) -> string = e.note\n"
	file := func(module, text string) *source.File {
		return &source.File{Path: module + ".live", Module: module, Text: text}
	}
	rapid.Check(t, func(t *rapid.T) {
		texts := map[string]string{"app": string(data) + "\nuse model { Extra, extra }\n", "model": model}
		s := New("app", []*source.File{file("app", texts["app"]), file("model", texts["model"])})
		type version struct {
			s    *Snapshot
			want string
		}
		var versions []version
		for n := range rapid.IntRange(1, 3).Draw(t, "edits") {
			module := rapid.SampledFrom([]string{"app", "model"}).Draw(t, "module")
			words := pieces.FindAllString(texts[module], -1)
			if len(words) == 0 {
				continue
			}
			i := rapid.IntRange(0, len(words)-1).Draw(t, "at")
			words[i] = rapid.SampledFrom([]string{"", words[i], words[i] + " x", "{", "Extra", "string"}).Draw(t, "write")
			texts[module] = strings.Join(words, "")
			s = s.Update(Change{File: file(module, texts[module]), Version: n + 1})
			fresh := New("app", []*source.File{file("app", texts["app"]), file("model", texts["model"])})
			versions = append(versions, version{s, said(fresh)})
		}
		for i, v := range versions {
			if d := cmp.Diff(v.want, said(v.s)); d != "" {
				t.Fatalf("version %d (-fresh +updated):\n%s", i+1, d)
			}
		}
	})
}

// said is what a snapshot says of its app: the diagnostics, and each name with what it is.
func said(s *Snapshot) string {
	var b strings.Builder
	for _, d := range s.Check() {
		fmt.Fprintf(&b, "%v %s %s\n", d.Primary.Span, d.Code, d.Message)
	}
	for _, path := range []string{"app.live", "model.live"} {
		f := s.File(path)
		for _, o := range s.check().index.Names(f) {
			h, _ := s.Hover(path, o.Span.Start)
			fmt.Fprintf(&b, "%s %v %s %d\n", path, o.Span, h.Title, len(s.Uses(path, o.Span.Start)))
		}
	}
	return b.String()
}
