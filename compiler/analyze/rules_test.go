package analyze

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// kinds are the types of package ir that have a method, whose result has this type; "" for any.
func kinds(t *testing.T, method, result string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	paths, err := filepath.Glob("../ir/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != method {
				continue
			}
			if of := fn.Type.Results; result != "" {
				if name, ok := of.List[0].Type.(*ast.Ident); !ok || name.Name != result {
					continue
				}
			}
			star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
			if ok {
				out[star.X.(*ast.Ident).Name] = true
			}
		}
	}
	if len(out) < 5 {
		t.Fatalf("few types have the method %s", method)
	}
	return out
}

// cases are the types of package ir for which a function of this package has a case in a switch.
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

// TestRules expects a rule for each kind of node where a kind without one would stop the compiler, and for each value of ctx
// where one
// without would be taken for nobody's.
func TestRules(t *testing.T) {
	for _, c := range []struct{ method, result, file, function string }{
		{"rebuild", "Expr", "originexpr.go", "node"},
		{"rebuild", "Stage", "originexpr.go", "query"},
		{"isStmt", "", "policy.go", "block"},
	} {
		have := cases(t, c.file, c.function)
		for kind := range kinds(t, c.method, c.result) {
			if !have[kind] {
				t.Errorf("%s of %s has no rule for %s", c.function, c.file, kind)
			}
		}
	}
	have := cases(t, "caller.go", "direct")
	for _, same := range []string{"CtxPath", "CtxCursor"} { // the same for all who ask for a stream; where a page begins
		have[same] = true
	}
	for kind := range kinds(t, "rebuild", "Expr") {
		if strings.HasPrefix(kind, "Ctx") && !have[kind] {
			t.Errorf("direct of caller.go has no rule for %s", kind)
		}
	}
}
