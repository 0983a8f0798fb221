package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

const importPath = "github.com/livec-lang/livec/internal/golden"

// testsOf is a regular expression for the tests of packages that use the package golden, directly or through functions of the same package.
func testsOf(packages []testPackage) (string, error) {
	names := map[string]bool{}
	for _, p := range packages {
		uses := map[string][]string{} // the identifiers in each function or variable of the package
		for _, name := range p.files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				return "", err
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					uses[f.Name.Name] = append(uses[f.Name.Name], named(f)...)
				}
			}
		}
		for name := range uses {
			if strings.HasPrefix(name, "Test") && reaches(uses, name, map[string]bool{}) {
				names[name] = true
			}
		}
	}
	if len(names) == 0 {
		return "", fmt.Errorf("no test uses the package golden")
	}
	return "^(" + strings.Join(slices.Sorted(maps.Keys(names)), "|") + ")$", nil
}

// goldenPackage marks the package golden among the identifiers of a function.
const goldenPackage = "golden."

// named lists the identifiers in a function.
func named(f *ast.FuncDecl) []string {
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "golden" {
				out = append(out, goldenPackage)
			}
		case *ast.Ident:
			out = append(out, n.Name)
		}
		return true
	})
	return out
}

// reaches reports whether a function uses the package golden, itself or by what it names.
func reaches(uses map[string][]string, name string, seen map[string]bool) bool {
	if name == goldenPackage {
		return true
	}
	if seen[name] {
		return false
	}
	seen[name] = true
	return slices.ContainsFunc(uses[name], func(used string) bool { return reaches(uses, used, seen) })
}
