package examples

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
)

// TestParse reads every example.
func TestParse(t *testing.T) {
	paths, err := filepath.Glob("*.live")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := &source.File{Path: path, Module: path[:len(path)-len(".live")], Text: string(text)}
		_, list := parser.Parse(file)
		for _, d := range list {
			at := file.Position(d.Primary.Span.Start)
			t.Errorf("%s:%v: %s %s", path, at, d.Code, d.Message)
		}
	}
}
