// Package docs tests that the examples in the documentation are true.
package docs

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/format"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
)

// TestLanguage compiles every example of the reference as a module beside the app at its top, and holds it to the one style.
func TestLanguage(t *testing.T) {
	page, err := os.ReadFile("language.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```live\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(examples) < 20 {
		t.Fatalf("the page has %d examples only", len(examples))
	}
	app := &source.File{Path: "app.live", Module: "app", Text: examples[0][1]}
	tree, _ := parser.Parse(app)
	for i, e := range examples {
		text := e[1]
		formatted, found := format.Format(&source.File{Path: "example.live", Text: text})
		if len(found) > 0 {
			t.Errorf("%s\n%s", rendered(found), text)
			continue
		}
		if string(formatted) != text {
			t.Errorf("an example is written otherwise in the one style:\n%s", formatted)
		}
		files := []*source.File{app}
		if i > 0 {
			files = append(files, &source.File{Path: "example.live", Module: "example", Text: brought(tree, text) + text})
		}
		if _, found := compiler.Compile("app", files); found.HasErrors() {
			t.Errorf("%s\n%s", rendered(found), files[len(files)-1].Text)
		}
	}
}

// brought is a `use` of the names of the app that an example mentions and does not declare.
func brought(app *ast.File, text string) string {
	declared := map[string]bool{}
	example, _ := parser.Parse(&source.File{Text: text})
	for _, d := range example.Decls {
		if n := d.Named(); n != nil {
			declared[n.Name] = true
		}
		if use, ok := d.(*ast.Use); ok {
			for _, n := range use.Names {
				declared[n.Name] = true
			}
		}
	}
	var names []string
	for _, d := range app.Decls {
		if n := d.Named(); n != nil && !declared[n.Name] && regexp.MustCompile(`\b`+n.Name+`\b`).MatchString(text) {
			names = append(names, n.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "use app { " + strings.Join(names, ", ") + " }\n\n"
}

func rendered(found diag.List) string {
	var b strings.Builder
	_ = diag.Text(&b, found, diag.RenderOptions{}) // to memory
	return b.String()
}
