package prune

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
)

func TestUnused(t *testing.T) {
	texts := map[string]string{
		"app": "use std/a { first, Row }\nfn mine() -> int = 1\n",
		"std/a": "use std/b { far, further }\ntable Row { id: id text: string = deflt() }\nfn deflt() -> string = \"\"\nfn first() -> int = " +
			"second()\nfn second() -> int = far()\nfn third() -> int = further()\nguard other { require true else X }\npipe none on Row = limit " +
			"1\nrpc always() public { kept() }\nfn kept() -> int = kept()\n",
		"std/b": "fn far() -> int = 1\nfn further() -> int = 2\n",
	}
	var files []*ast.File
	for _, module := range []string{"app", "std/a", "std/b"} {
		f, list := parser.Parse(&source.File{Module: module, Path: module, Text: texts[module]})
		if len(list) > 0 {
			t.Fatal(list)
		}
		files = append(files, f)
	}
	before := decls(files)
	got := map[string]string{}
	for _, f := range Unused(files) {
		var names []string
		for _, d := range f.Decls {
			if n := d.Named(); n != nil {
				names = append(names, n.Name)
			}
			if u, ok := d.(*ast.Use); ok && f.Source.Module != "app" {
				for _, n := range u.Names {
					names = append(names, "use:"+n.Name)
				}
			}
		}
		got[f.Source.Module] = strings.Join(names, " ")
	}
	want := map[string]string{"app": "mine", "std/a": "use:far Row deflt first second always kept", "std/b": "far"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("what stays (-want +got):\n%s", d)
	}
	if d := cmp.Diff(before, decls(files)); d != "" {
		t.Errorf("the trees have changed (-before +after):\n%s", d)
	}
}

// decls counts the declarations of files, and the names of those that bring names in.
func decls(files []*ast.File) map[string][]int {
	out := map[string][]int{}
	for _, f := range files {
		counts := []int{len(f.Decls)}
		for _, d := range f.Decls {
			if u, ok := d.(*ast.Use); ok {
				counts = append(counts, len(u.Names))
			}
		}
		out[f.Source.Module] = counts
	}
	return out
}
