package stdlib

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/format"
	"github.com/livec-lang/livec/lang/parser"
)

// TestParse reads every module. Each says what it is for.
func TestParse(t *testing.T) {
	for _, name := range Modules() {
		f, _ := Module(name)
		tree, list := parser.Parse(f)
		if len(list) > 0 {
			var b strings.Builder
			_ = diag.Text(&b, list, diag.RenderOptions{}) // to memory
			t.Errorf("%s:\n%s", name, b.String())
		}
		if len(tree.Doc) == 0 {
			t.Errorf("%s has no doc comment", name)
		}
	}
}

// TestFormatted holds every module to the one style.
func TestFormatted(t *testing.T) {
	for _, name := range Modules() {
		f, _ := Module(name)
		if text, list := format.Format(f); list.HasErrors() || string(text) != f.Text {
			t.Errorf("%s is not formatted; run livec fmt stdlib", name)
		}
	}
}
