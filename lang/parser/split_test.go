package parser

import (
	"slices"
	"testing"

	"github.com/livec-lang/livec/lang/source"
)

func TestModuleDoc(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"first":            {"/// About.\n/// More.\n\nuse a { b }\n", []string{"About.", "More."}},
		"below a licence":  {"// Licence\n\n/// About.\n\n/// Of the use.\nuse a { b }\n", []string{"About."}},
		"of a declaration": {"// Licence\n\n/// Of the use.\nuse a { b }\n", nil},
		"too late":         {"use a { b }\n\n/// About.\n\nuse c { d }\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			file, found := Parse(&source.File{Text: c.text})
			if len(found) > 0 || !slices.Equal(file.Doc, c.want) {
				t.Errorf("doc %q, %d findings; want %q", file.Doc, len(found), c.want)
			}
			docs := 0
			for _, x := range file.Comments {
				if x.Doc {
					docs++
				}
			}
			if c.want != nil && docs < len(c.want) {
				t.Errorf("%d comments are kept as doc comments", docs)
			}
		})
	}
}
