package nodetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// Sum is a set of kinds: the types that implement an interface, or the constants of a type.
type Sum struct {
	Name  string
	Kinds []string
}

// Constants returns the names of the constants in the group of a file that begins with a certain constant.
func Constants(t testing.TB, file, first string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range tree.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST || g.Specs[0].(*ast.ValueSpec).Names[0].Name != first {
			continue
		}
		var out []string
		for _, s := range g.Specs {
			out = append(out, s.(*ast.ValueSpec).Names[0].Name)
		}
		return out
	}
	t.Fatalf("%s has no constants that begin with %s", file, first)
	return nil
}

// Switches expects each switch in the folders that lists half of the kinds of a sum to list all of them, to have a default, or to be
// followed by a panic. So no switch ignores a new kind silently. Switches that look for a few kinds are not checked.
func Switches(t testing.TB, sums []Sum, dirs ...string) {
	t.Helper()
	seen := 0
	for _, dir := range dirs {
		Files(t, dir, func(tree *ast.File, files *token.FileSet) {
			ast.Inspect(tree, func(n ast.Node) bool {
				for _, s := range switchesIn(n) {
					seen++
					if missing := s.missing(sums); len(missing) > 0 {
						t.Errorf("%s: add a case or a default for %s", files.Position(s.pos), strings.Join(missing, ", "))
					}
				}
				return true
			})
		})
	}
	if seen < 50 {
		t.Errorf("found only %d switches", seen)
	}
}

// oneSwitch describes one switch.
type oneSwitch struct {
	pos    token.Pos
	cases  []string
	closed bool // it has a default, or a panic follows
}

// switchesIn returns the switches in the statements of a block or a case.
func switchesIn(n ast.Node) (out []oneSwitch) {
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	}
	for i, s := range list {
		var body *ast.BlockStmt
		switch s := s.(type) {
		case *ast.TypeSwitchStmt:
			body = s.Body
		case *ast.SwitchStmt:
			body = s.Body
		default:
			continue
		}
		one := oneSwitch{pos: s.Pos(), closed: i+1 < len(list) && panics(list[i+1])}
		for _, c := range body.List {
			c := c.(*ast.CaseClause)
			one.closed = one.closed || c.List == nil
			for _, x := range c.List {
				one.cases = append(one.cases, kindName(x))
			}
		}
		out = append(out, one)
	}
	return out
}

// panics reports whether a statement ends the program: a panic, or fail of the emitter.
func panics(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && (name.Name == "panic" || name.Name == "fail")
}

func kindName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return kindName(x.X)
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// missing returns the kinds that a switch does not list, if it lists at least half of a sum.
func (s *oneSwitch) missing(sums []Sum) []string {
	if s.closed {
		return nil
	}
	for _, sum := range sums {
		var missing []string
		for _, k := range sum.Kinds {
			if !slices.Contains(s.cases, k) {
				missing = append(missing, k)
			}
		}
		if listed := len(sum.Kinds) - len(missing); listed >= 3 && listed*2 >= len(sum.Kinds) {
			return missing
		}
	}
	return nil
}
