package analyze

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/nodetest"
)

// cases are the types of package ir that have a case in some switch of this package.
func cases(t *testing.T, file, function string) map[string]bool {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, d := range tree.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Name.Name != function {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			c, ok := n.(*ast.CaseClause)
			if !ok {
				return true
			}
			for _, x := range c.List {
				if star, ok := x.(*ast.StarExpr); ok {
					if s, ok := star.X.(*ast.SelectorExpr); ok {
						out[s.Sel.Name] = true
					}
				}
			}
			return true
		})
	}
	return out
}

// TestRules expects a rule for each kind of node. For most kinds a missing rule stops the compiler, but a value of ctx
// without a rule would pass as harmless.
func TestRules(t *testing.T) {
	for _, c := range []struct{ method, result, file, function string }{
		{"rebuild", "Expr", "originexpr.go", "node"},
		{"rebuild", "Stage", "originexpr.go", "query"},
		{"isStmt", "", "policy.go", "block"},
	} {
		have := cases(t, c.file, c.function)
		for _, kind := range nodetest.WithMethod(t, "../ir", c.method, c.result) {
			if !have[kind] {
				t.Errorf("%s of %s has no rule for %s", c.function, c.file, kind)
			}
		}
	}
	have := cases(t, "caller.go", "direct")
	for _, same := range []string{"CtxPath", "CtxCursor"} { // the same for all subscribers of a stream; the start of a page
		have[same] = true
	}
	for _, kind := range nodetest.WithMethod(t, "../ir", "rebuild", "Expr") {
		if strings.HasPrefix(kind, "Ctx") && !have[kind] {
			t.Errorf("direct of caller.go has no rule for %s", kind)
		}
	}
}
