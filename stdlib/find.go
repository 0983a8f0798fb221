package stdlib

import (
	"sync"

	"github.com/livec-lang/livec/lang/ast"
)

// Declares returns the module that declares a name, the first in order of several: for advice on a name that is not known.
func Declares(name string) (module string, ok bool) {
	module, ok = declared()[name]
	return module, ok
}

// Names returns what a module declares that others can use, in the order of its text: for advice on a name that it does not declare.
func Names(module string) []string {
	tree, ok := Tree(module)
	if !ok {
		return nil
	}
	var out []string
	for _, d := range tree.Decls {
		if _, use := d.(*ast.Use); use || d.Named() == nil {
			continue
		}
		out = append(out, d.Named().Name)
	}
	return out
}

var declared = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, module := range Modules() {
		for _, name := range Names(module) {
			if out[name] == "" {
				out[name] = module
			}
		}
	}
	return out
})
