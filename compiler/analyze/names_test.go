package analyze

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/nodetest"
	facts "github.com/livec-lang/livec/relation/function"
)

// listStages are the stages of pipelines over lists.
var listStages = strings.Fields("filter sort limit map count sum avg min max first find any all")

// other are strings that are compared with names of other kinds: of fields and variables.
var other = map[string]bool{"_": true, "omitted": true}

// TestNames expects that each string that the analyses, the planner or the emitter compare with the name of a built-in
// function or a stage is such a name. Otherwise the comparison is never true, and its rule is never applied.
func TestNames(t *testing.T) {
	found := 0
	for _, dir := range []string{".", "../plan", "../../emit/go"} {
		nodetest.Files(t, dir, func(tree *ast.File, files *token.FileSet) {
			compared(tree, func(name string, at token.Pos) {
				found++
				if !facts.Known(name) && !slices.Contains(listStages, name) {
					t.Errorf("%s: there is no built-in function or stage %q; a new stage goes into listStages above", files.Position(at), name)
				}
			})
		})
	}
	if found < 30 {
		t.Errorf("found only %d names", found)
	}
}

// compared calls visit for each string that is compared with a member called Name, or with a parameter called name in a
// switch.
func compared(tree *ast.File, visit func(name string, at token.Pos)) {
	literal := func(x ast.Expr) {
		l, ok := x.(*ast.BasicLit)
		if !ok || l.Kind != token.STRING {
			return
		}
		if text, err := strconv.Unquote(l.Value); err == nil && text != "" && !other[text] {
			visit(text, l.Pos())
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if isName(n.X) && (n.Op == token.EQL || n.Op == token.NEQ) {
				literal(n.Y)
			}
		case *ast.SwitchStmt:
			if isName(n.Tag) {
				for _, c := range n.Body.List {
					for _, x := range c.(*ast.CaseClause).List {
						literal(x)
					}
				}
			}
		}
		return true
	})
}

func isName(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "Name"
	case *ast.Ident:
		return x.Name == "name"
	}
	return false
}
