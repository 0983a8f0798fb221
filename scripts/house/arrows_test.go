package house

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// arrow says which packages of this project a folder may import, other than those within the folder.
type arrow struct {
	to  []string
	why string
}

// arrows are those of all folders with Go code. For a file, the longest path that matches counts.
var arrows = map[string]arrow{
	"lang":     {nil, "it is about spelling; it can be used without the compiler, such as by an editor"},
	"limits":   {nil, "compiler and runtime share it, so whatever it imported would be in both"},
	"stdlib":   {[]string{"lang"}, "it is text in the language, with what finds its way in that text"},
	"relation": {nil, "compiler and runtime share it, so whatever it imported would be in both"},
	"compiler": {
		[]string{"lang", "stdlib", "relation", "limits"},
		"it makes a program of text; what is written of the program is up to emitters",
	},
	"client": {nil, "it is TypeScript, and the Go that embeds it as files to be written"},
	"emit": {
		[]string{"compiler/.", "compiler/ir", "compiler/analyze", "compiler/plan", "lang/diag", "relation", "limits", "client"},
		"emitters read the compiled program alone: neither its text nor its syntax trees, so nothing about the language is decided twice",
	},
	"runtime": {[]string{"relation", "limits"}, "a server carries no compiler"},
	"runtime/store": {
		[]string{"relation", "limits", "runtime/govern"},
		"a store knows no feature of the runtime: features declare tables and hooks to it",
	},
	"runtime/internal": {
		[]string{"relation", "limits", "runtime/*"}, "what works behind the runtime knows neither its public face nor the server",
	},
	"cmd": {
		[]string{"lang", "stdlib", "relation", "compiler", "emit", "client"},
		"livec compiles; generated programs run",
	},
	"internal": {nil, "every folder may use it, so whatever it imported would be everywhere"},
	"leak": {
		[]string{"lang", "stdlib", "relation", "compiler", "emit", "limits", "runtime"},
		"it compiles random programs and runs them; nothing else of the project imports it",
	},
	"leak/play":    {[]string{"runtime", "leak/outside"}, "it is compiled into random programs"},
	"leak/outside": {nil, "it is compiled into random programs as code of their authors"},
	"abuse": {
		[]string{"lang", "compiler", "emit"},
		"it compiles an app and attacks its server over the network; nothing else of the project imports it",
	},
	"bench": {
		[]string{"lang", "relation", "compiler", "emit", "limits", "runtime"},
		"it measures what the project makes; nothing else of the project imports it",
	},
	"bench/order/gen": {[]string{"runtime", "relation", "limits"}, "generated code imports the runtime alone"},
	"scripts":         {nil, "scripts help people and are no part of what is built"},
	"examples":        {[]string{"runtime"}, "an example imports what an app may import"},
	"testdata":        {[]string{"runtime"}, "the tests of generated apps import what an app may import"},
}

// TestArrows checks that imports point one way. Tests may import whatever they need.
func TestArrows(t *testing.T) {
	folders := slices.SortedFunc(maps.Keys(arrows), func(a, b string) int { return len(b) - len(a) })
	for _, f := range all(t) {
		if !f.isGo() || f.isTest() {
			continue
		}
		i := slices.IndexFunc(folders, f.within)
		if i < 0 {
			t.Errorf("%s is in a folder that scripts/house/arrows_test.go does not know: say there what it may import, and why", f.path)
			continue
		}
		from := folders[i]
		for _, spec := range f.code.Imports {
			to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
			if ours && !allowed(from, to) {
				rule{
					what: from + " imports nothing of the project but itself, internal" + list(arrows[from].to),
					why:  arrows[from].why,
					todo: "move what is needed to the side where the arrow starts, or pass it in as a value or an interface that " + from + " declares",
				}.broken(t, f.place(spec.Pos()), "imports %s", to)
			}
		}
	}
}

func list(folders []string) string {
	if len(folders) == 0 {
		return ""
	}
	return ", " + strings.Join(folders, ", ")
}

// allowed reports whether a package in the folder from may import the package to. folder/* stands for the packages below a folder, without
// its own; folder/. for its own. Every folder may import the packages in internal.
func allowed(from, to string) bool {
	below := func(folder string) bool { return strings.HasPrefix(to, folder+"/") }
	return to == from || below(from) || strings.HasPrefix(to, "internal/") || slices.ContainsFunc(arrows[from].to, func(folder string) bool {
		if parent, ok := strings.CutSuffix(folder, "/*"); ok {
			return below(parent)
		}
		if own, ok := strings.CutSuffix(folder, "/."); ok {
			return to == own
		}
		return to == folder || below(folder)
	})
}

// TestServerIsNotNamed checks that packages below the server do not name it.
func TestServerIsNotNamed(t *testing.T) {
	r := rule{
		what: "no package of runtime/internal names the server",
		why:  "a package that holds the whole server can reach everything, and is tested with nothing less than a server",
		todo: "declare a small interface of what the package needs, named after what it does, and have runtime pass it in",
	}
	for _, f := range goFiles(t) {
		if !f.within("runtime/internal") || f.isTest() {
			continue
		}
		members := map[*ast.Ident]bool{} // not an error: a member, such as Server in http.Server
		ast.Inspect(f.code, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				members[n.Sel] = true
			case *ast.Ident:
				if strings.EqualFold(n.Name, "server") && !members[n] {
					r.broken(t, f.place(n.Pos()), "names %s", n.Name)
				}
			}
			return true
		})
	}
}

// layers are the packages of runtime/internal, from the highest layer to the lowest. ARCHITECTURE.md draws them.
var layers = [][]string{
	{"gateway"},
	{"conn", "session"},
	{"catalog"},
	{"derive", "invoke", "room"},
	{"feed", "identity", "signal", "traffic", "validate"},
	{"watch"},
	{"door", "fault", "instant", "proxy", "site", "tasks"},
}

// TestLayers checks that a package of runtime/internal imports only packages of lower layers.
func TestLayers(t *testing.T) {
	const folder = "runtime/internal/"
	layer := map[string]int{}
	for i, names := range layers {
		for _, name := range names {
			layer[folder+name] = i
		}
	}
	r := rule{
		what: "a package of runtime/internal imports those of lower layers alone",
		why:  "whoever follows a frame or a commit reads it from the top to the bottom, and never comes back",
		todo: "move what is needed down, or pass it in as a value or an interface of the lower package; a new package gets its layer in " +
			"scripts/house/arrows_test.go and in ARCHITECTURE.md",
	}
	for _, f := range goFiles(t) {
		if !f.within(strings.TrimSuffix(folder, "/")) || f.isTest() {
			continue
		}
		from, known := layer[path.Dir(f.path)]
		if !known {
			r.broken(t, f.path, "%s has no layer", path.Dir(f.path))
			continue
		}
		for _, spec := range f.code.Imports {
			to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
			if ours && strings.HasPrefix(to, folder) && layer[to] <= from {
				r.broken(t, f.place(spec.Pos()), "imports %s", to)
			}
		}
	}
}
