package stdlib

import (
	"fmt"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/parser"
)

// TestDocs compares docs/stdlib.md with the doc comments of the modules. A declaration without a doc comment is not for apps.
func TestDocs(t *testing.T) {
	const path = "../docs/stdlib.md"
	var b strings.Builder
	b.WriteString("# The standard library\n\nThe standard library is written in Live itself, in `stdlib/`. An app imports what it needs: " +
		"`use std/text { slug }`. Functions, guards and pipes that it does not use are not part of the app. `go run ./scripts/goldens " +
		"./stdlib` generates this page from the doc comments.\n")
	for _, name := range Modules() {
		f, _ := Module(name)
		tree, _ := parser.Parse(f)
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", name, strings.Join(tree.Doc, "\n"))
		for _, d := range tree.Decls {
			doc, end := about(d)
			if len(doc) == 0 {
				continue
			}
			head := strings.TrimRight(f.Text[d.Where().Start:end], " \n={")
			if _, isTable := d.(*ast.Table); isTable {
				head += "\n}"
			}
			fmt.Fprintf(&b, "\n```live\n%s\n```\n\n%s\n", head, strings.Join(doc, "\n"))
		}
	}
	golden.File(t, path, []byte(b.String()))
}

// about returns the doc comment of a declaration and where its head ends: 0 for those that are no part of a page.
func about(d ast.Decl) (doc []string, end int32) {
	switch d := d.(type) {
	case *ast.Fn:
		if d.Value != nil {
			return d.Doc, d.Value.Where().Start
		}
		return d.Doc, d.Body.Span.Start
	case *ast.Guard:
		return d.Doc, d.Body.Span.Start
	case *ast.RPC:
		return d.Doc, d.Body.Span.Start
	case *ast.Table:
		return d.Doc, d.Span.End - 1
	}
	return nil, 0
}
