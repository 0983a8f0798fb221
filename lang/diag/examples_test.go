package diag_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/format"
	"github.com/livec-lang/livec/lang/source"
)

// TestExamplesOfPages compiles the examples of all pages. Wrong examples must have the mistake and no other, right ones must have none.
func TestExamplesOfPages(t *testing.T) {
	for _, code := range diag.Codes() {
		t.Run(string(code), func(t *testing.T) {
			for kind, files := range apps(code) {
				for i, app := range files {
					list := findings(code, app)
					others := slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Code == code })
					if has := len(others) < len(list); has != (kind == diag.Wrong) || others.HasErrors() {
						var b strings.Builder
						_ = diag.Text(&b, list, diag.RenderOptions{}) // to memory
						t.Errorf("the %s example %d: %s is found: %v\n%s", kind, i+1, code, has, b.String())
					}
				}
			}
		})
	}
}

// apps returns the examples of a page as apps. An example without a path is an app; those with paths are one app together.
func apps(code diag.Code) map[diag.ExampleKind][][]*source.File {
	out := map[diag.ExampleKind][][]*source.File{}
	whole := map[diag.ExampleKind][]*source.File{}
	for _, x := range diag.Examples(code) {
		if x.Path == "" {
			out[x.Kind] = append(out[x.Kind], []*source.File{{Path: "app.live", Module: "app", Text: x.Text}})
			continue
		}
		whole[x.Kind] = append(whole[x.Kind], &source.File{Path: x.Path, Module: strings.TrimSuffix(x.Path, ".live"), Text: x.Text})
	}
	for kind, files := range whole {
		out[kind] = append(out[kind], files)
	}
	return out
}

// findings returns the diagnostics of an app. For codes about constructs that cannot be built yet, they include these.
func findings(code diag.Code, files []*source.File) diag.List {
	app, list := compiler.Compile("app", files)
	if code == diag.CodeNotEmitted && !list.HasErrors() {
		list = append(list, emit.Pending(app.Program, diag.Error)...)
	}
	return list
}

// TestExamplesAreFormatted expects the examples on all pages to be formatted, except for wrong examples of syntax.
func TestExamplesAreFormatted(t *testing.T) {
	for _, code := range diag.Codes() {
		page, _ := diag.Explain(code)
		formatted := page
		for _, x := range diag.Examples(code) {
			if x.Kind == diag.Wrong && strings.HasPrefix(string(code), "LIVE00") {
				continue
			}
			if text, list := format.Format(&source.File{Path: "app.live", Text: x.Text}); !list.HasErrors() {
				formatted = strings.Replace(formatted, "\n"+x.Text+"```", "\n"+string(text)+"```", 1)
			}
		}
		golden.File(t, "explain/"+string(code)+".md", []byte(formatted))
	}
}
