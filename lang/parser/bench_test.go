package parser

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/source"
)

// BenchmarkParse reads the apps of the project as one file of about 10,000 lines.
func BenchmarkParse(b *testing.B) {
	var apps []string
	for _, text := range sources(b) {
		if _, found := Parse(&source.File{Text: text}); len(found) == 0 {
			apps = append(apps, text)
		}
	}
	all := strings.Join(apps, "\n")
	text := strings.Repeat(all, 1+10_000/strings.Count(all, "\n"))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(&source.File{Text: text})
	}
}
