package compiler

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/source"
)

// TestRoots compiles the apps of the goldens and expects that ir.Program.Roots leads to every node that the program holds
// anywhere.
func TestRoots(t *testing.T) {
	paths, err := filepath.Glob("../testdata/check/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	apps := map[string][]*source.File{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		apps[path] = sources(a)
	}
	const cookbook = "../testdata/cookbook/cookbook.live" // it uses every feature
	text, err := os.ReadFile(cookbook)
	if err != nil {
		t.Fatal(err)
	}
	apps[cookbook] = []*source.File{{Path: "cookbook.live", Module: "cookbook", Text: string(text)}}
	for path, files := range apps {
		app, _ := CompileUnguarded("app", files)
		if app == nil {
			if path == cookbook {
				t.Error("the cookbook does not compile")
			}
			continue
		}
		found := map[ir.Node]bool{}
		app.Program.Roots(func(n ir.Node) {
			ir.Walk(n, func(n ir.Node) bool {
				found[n] = true
				return true
			})
		})
		held(reflect.ValueOf(app.Program), map[any]bool{}, func(n ir.Node) {
			if !found[n] {
				t.Errorf("%s: Roots does not lead to a %T", path, n)
				found[n] = true
			}
		})
	}
}

// held calls visit for every node that a value holds.
func held(v reflect.Value, seen map[any]bool, visit func(ir.Node)) {
	switch v.Kind() {
	case reflect.Interface:
		held(v.Elem(), seen, visit)
	case reflect.Pointer:
		if v.IsNil() || seen[v.Interface()] || v.Type() == reflect.TypeFor[*source.File]() {
			return
		}
		seen[v.Interface()] = true
		if n, ok := v.Interface().(ir.Node); ok {
			visit(n)
		}
		held(v.Elem(), seen, visit)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				held(v.Field(i), seen, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			held(v.Index(i), seen, visit)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			held(v.MapIndex(k), seen, visit)
		}
	}
}
