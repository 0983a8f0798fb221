package compiler

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/lang/source"
)

// FuzzCompile compiles any bytes as an app: there are diagnostics or a program, and never a panic.
func FuzzCompile(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text)
	}
	paths, err := filepath.Glob("../testdata/check/*/*.txtar")
	if err != nil || len(paths) == 0 {
		f.Fatal(paths, err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, s := range sources(a) {
			f.Add(s.Text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, list := Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: text}})
		if p == nil && !list.HasErrors() {
			t.Fatal("no program and no errors")
		}
		for _, d := range list {
			at := d.Primary.Span
			if strings.TrimSpace(d.Message) == "" || d.Primary.File == nil || at.Start < 0 || at.End < at.Start ||
				int(at.End) > len(d.Primary.File.Text) {
				t.Fatalf("%s at %v: %q", d.Code, at, d.Message)
			}
		}
	})
}
