package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/source"
)

// TestExamples compiles every example: none has anything to complain about, warnings among them.
func TestExamples(t *testing.T) {
	paths, err := filepath.Glob("*.live")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(path, ".live")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			file := &source.File{Path: path, Module: name, Text: string(text)}
			_, list := compiler.Compile(name, []*source.File{file})
			for _, d := range list {
				t.Errorf("%s:%v: %s %s", path, file.Position(d.Primary.Span.Start), d.Code, d.Message)
			}
		})
	}
}
