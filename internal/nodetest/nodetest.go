// Package nodetest has helpers for tests of trees: it finds the kinds of nodes of a package, and makes nodes in which
// every part is set. It reads the kinds from the source, so that a new kind cannot be forgotten.
package nodetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// WithMethod returns the names of the types of a package that have a method with a pointer receiver, from the source in
// its folder. If result is not empty, only methods with a single result of that type count.
func WithMethod(t testing.TB, dir, method, result string) []string {
	t.Helper()
	var out []string
	Files(t, dir, func(tree *ast.File, _ *token.FileSet) {
		for _, d := range tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Name.Name == method && (result == "" || gives(fn, result)) {
				out = append(out, receiver(fn)...)
			}
		}
	})
	if len(out) == 0 {
		t.Fatalf("no type in %s has the method %s", dir, method)
	}
	slices.Sort(out)
	return out
}

// Files calls visit for each Go file of a folder that is not a test.
func Files(t testing.TB, dir string, visit func(*ast.File, *token.FileSet)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal(dir, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		visit(tree, files)
	}
}

func gives(fn *ast.FuncDecl, result string) bool {
	if fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	name, ok := fn.Type.Results.List[0].Type.(*ast.Ident)
	return ok && name.Name == result
}

func receiver(fn *ast.FuncDecl) []string {
	if fn.Recv == nil {
		return nil
	}
	star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return nil
	}
	return []string{star.X.(*ast.Ident).Name}
}

// Complete expects have to contain exactly one value of each type that WithMethod finds.
func Complete[N any](t testing.TB, have []N, dir, method string) {
	t.Helper()
	known := map[string]bool{}
	for _, n := range have {
		known[reflect.TypeOf(n).Elem().Name()] = true
	}
	for _, name := range WithMethod(t, dir, method, "") {
		if !known[name] {
			t.Errorf("%s has the method %s, and is missing in the list of the test", name, method)
		}
		delete(known, name)
	}
	for name := range known {
		t.Errorf("%s does not have the method %s", name, method)
	}
}

// Fill puts a new node into every field of v that can hold one, and returns those nodes. part makes a node for a type of field. elsewhere
// reports the types of fields that contain no nodes, since they refer to something elsewhere, or are data.
func Fill[N any](t testing.TB, v reflect.Value, part func(reflect.Type) (n N, ok bool), elsewhere func(reflect.Type) bool) (put []N) {
	t.Helper()
	typ := v.Type()
	if n, ok := part(typ); ok {
		v.Set(reflect.ValueOf(n))
		return []N{n}
	}
	if elsewhere(typ) {
		return nil
	}
	switch typ.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(typ, 2, 2))
		for i := range 2 {
			put = append(put, Fill(t, v.Index(i), part, elsewhere)...)
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			put = append(put, Fill(t, v.Field(i), part, elsewhere)...)
		}
	case reflect.Map, reflect.Pointer, reflect.Interface, reflect.Array, reflect.Func:
		t.Errorf("a field of type %s: say in the test whether it holds nodes", typ)
	}
	return put
}
