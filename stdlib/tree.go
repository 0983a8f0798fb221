package stdlib

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/parser"
)

// Tree returns the syntax tree of a module by its name in `use`. All callers share it, so nobody may change it.
func Tree(name string) (*ast.File, bool) {
	t, ok := trees()[name]
	if !ok {
		return nil, false
	}
	return t(), true
}

// With returns the files of an app, and after them those of the standard library that they use, directly or through others. A file of the
// app that has the name of such a module takes its place.
func With(app []*ast.File) []*ast.File {
	out := slices.Clone(app)
	known := map[string]bool{}
	for _, f := range app {
		known[f.Source.Module] = true
	}
	for i := 0; i < len(out); i++ {
		for _, d := range out[i].Decls {
			u, ok := d.(*ast.Use)
			if !ok || known[u.Module.Name] {
				continue
			}
			if f, ok := Tree(u.Module.Name); ok {
				known[u.Module.Name] = true
				out = append(out, f)
			}
		}
	}
	return out
}

// trees parses each module at most once. TestParse shows that all of them parse without a finding.
var trees = sync.OnceValue(func() map[string]func() *ast.File {
	out := map[string]func() *ast.File{}
	for _, name := range Modules() {
		out[name] = sync.OnceValue(func() *ast.File {
			f, _ := Module(name)
			tree, _ := parser.Parse(f)
			return tree
		})
	}
	return out
})
