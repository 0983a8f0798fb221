package emitgo_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/nametest"
	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	"golang.org/x/tools/go/packages"
)

// TestNames gives every name that means something in Go, TypeScript or generated code to everything that can have a
// name, and type-checks the generated Go.
func TestNames(t *testing.T) {
	words := append(ownNames(t), types.Universe.Names()...)
	for w := token.BREAK; w <= token.VAR; w++ {
		words = append(words, w.String())
	}
	names := nametest.Words(words)
	t.Log(len(names), "names:", names)
	apps := map[string][]emit.File{}
	for place, app := range nametest.Apps(t, sample(names)) {
		apps["names_"+place] = emitNames(t, place, app)
		keep(t, "names_"+place, apps["names_"+place])
	}
	checkNames(t, apps, names)
}

func emitNames(t *testing.T, place string, app *compiler.App) []emit.File {
	t.Helper()
	files, err := emitgo.Emit(app, module+"/generated/names_"+place)
	if err != nil {
		t.Fatal(place, err)
	}
	slices.SortFunc(files, func(a, b emit.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// ownNames returns the names of variables, functions and packages in generated code that do not come from the app.
func ownNames(t *testing.T) []string {
	t.Helper()
	var out []string
	for place, app := range nametest.Plain(t) {
		for _, f := range emitNames(t, place, app) {
			if !strings.HasSuffix(f.Path, ".go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			member := map[*ast.Ident]bool{}
			ast.Inspect(tree, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && nametest.Own(id.Name) && !member[id] {
					out = append(out, id.Name)
				}
				markMembers(n, member)
				return true
			})
		}
	}
	return out
}

// markMembers marks names in a node that Go finds in a package, a struct or an interface, which nothing can hide.
func markMembers(n ast.Node, member map[*ast.Ident]bool) {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		member[n.Sel] = true
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok && id.IsExported() {
			member[id] = true
		}
	case *ast.StructType:
		for _, f := range n.Fields.List {
			for _, id := range f.Names {
				member[id] = true
			}
		}
	}
}

// checkNames type-checks each app alone, against the compiled packages that generated code imports.
func checkNames(t *testing.T, apps map[string][]emit.File, names []string) {
	t.Helper()
	fset := token.NewFileSet()
	trees := map[string][]*ast.File{}
	imports := map[string]bool{"context": true}
	for place, files := range apps {
		for _, f := range files {
			if !strings.HasSuffix(f.Path, ".go") || !strings.HasPrefix(f.Path, "app/") {
				continue
			}
			tree, err := parser.ParseFile(fset, place+"/"+f.Path, f.Data, parser.SkipObjectResolution)
			if err != nil {
				t.Error(place, err)
				continue
			}
			trees[place] = append(trees[place], tree)
			for _, i := range tree.Imports {
				imports[strings.Trim(i.Path.Value, `"`)] = true
			}
		}
	}
	delete(imports, externPath)
	known := imported(t, fset, slices.Sorted(maps.Keys(imports)))
	known[externPath] = externs(t, fset, known, names)
	for _, place := range slices.Sorted(maps.Keys(trees)) {
		cfg := types.Config{Importer: known, Error: func(err error) { t.Errorf("%s: %v", place, err) }}
		if _, err := cfg.Check("app", fset, trees[place], nil); err != nil {
			t.Errorf("%s does not compile", place)
		}
	}
}

// packageSet imports packages that are loaded.
type packageSet map[string]*types.Package

func (s packageSet) Import(path string) (*types.Package, error) {
	if p := s[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is not loaded", path)
}

// externPath is the package of the extern functions of the apps.
const externPath = "example.com/zqpkg/name"

// externs makes the package of extern functions, all from an int to an int.
func externs(t *testing.T, fset *token.FileSet, known packageSet, names []string) *types.Package {
	t.Helper()
	var text strings.Builder
	text.WriteString("package name\n\nimport \"context\"\n")
	for _, n := range names {
		fmt.Fprintf(&text, "func %s(context.Context, int64) (int64, error) { return 0, nil }\n", strings.ToUpper(n[:1])+n[1:])
	}
	tree, err := parser.ParseFile(fset, "name.go", text.String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	cfg := types.Config{Importer: known}
	p, err := cfg.Check(externPath, fset, []*ast.File{tree}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// imported loads packages.
func imported(t *testing.T, fset *token.FileSet, paths []string) packageSet {
	t.Helper()
	mode := packages.NeedName | packages.NeedImports | packages.NeedTypes | packages.NeedExportFile
	loaded, err := packages.Load(&packages.Config{Context: t.Context(), Dir: "../..", Fset: fset, Mode: mode}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	set := packageSet{}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			t.Fatal(p.PkgPath, p.Errors)
		}
		set[p.PkgPath] = p.Types
	}
	return set
}
