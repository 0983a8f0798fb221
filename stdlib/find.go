package stdlib

import (
	"regexp"
	"strings"
	"sync"
)

// declaration finds what a module declares that others can use.
var declaration = regexp.MustCompile(`(?m)^(?:fn|guard|pipe|type|table|rpc|stream|channel|signal|extern fn) ([A-Za-z]\w*)`)

// Declares gives the module that declares a name, the first in order of several: for advice on a name that is not known.
func Declares(name string) (module string, ok bool) {
	module, ok = declared()[name]
	return module, ok
}

// Names gives what a module declares that others can use, in the order of its text: for advice on a name that it does not declare.
func Names(module string) []string {
	var out []string
	for _, m := range declaration.FindAllStringSubmatch(texts()[strings.TrimPrefix(module, Prefix)], -1) {
		out = append(out, m[1])
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
