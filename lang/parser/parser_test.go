package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/internal/treetest"
	"github.com/livec-lang/livec/lang/source"
)

// parse parses a text and checks properties that hold for every text.
func parse(t testing.TB, text string) *ast.File {
	t.Helper()
	f := &source.File{Path: "a.live", Module: "a", Text: text}
	tree, found := Parse(f)
	bad, problem := treetest.Check(tree)
	if problem != "" {
		t.Errorf("%s\n%s", problem, text)
	}
	if bad > 0 && len(found) == 0 {
		t.Errorf("%d nodes could not be parsed, and nothing is reported\n%s", bad, text)
	}
	for _, d := range found {
		if s := d.Primary.Span; s.Start < 0 || s.Start > s.End || int(s.End) > len(text) {
			t.Errorf("%s is at %d–%d, outside of the text", d.Message, s.Start, s.End)
		}
		if strings.Contains(d.Message, "parser.") || strings.Contains(d.Message, "Syntax") {
			t.Errorf("a message speaks of Go: %s", d.Message)
		}
	}
	return tree
}

// FuzzParse checks the properties of the parser for any text: it ends, every span is inside the enclosing one, and what
// could not be parsed is reported.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		treetest.Ends(text, func() { parse(t, text) })
	})
}

// seeds adds the sources of the syntax cases and the apps of the project.
func seeds(f *testing.F) {
	for _, text := range sources(f) {
		f.Add(text)
	}
}

func sources(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"../../testdata/syntax/*.txtar", "../../examples/*.live", "../../stdlib/*.live",
		"../../testdata/cookbook/*.live"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(path) == ".live" {
				out = append(out, string(data))
				continue
			}
			for _, file := range txtar.Parse(data).Files {
				if strings.HasSuffix(file.Name, ".live") {
					out = append(out, string(file.Data))
				}
			}
		}
	}
	if len(out) < 10 {
		t.Fatalf("there are %d sources only", len(out))
	}
	return out
}

// TestDepth parses deeply nested code and long chains.
func TestDepth(t *testing.T) {
	const n = 20_000
	for name, text := range map[string]string{
		"parentheses": "fn f() -> int = " + strings.Repeat("(", n),
		"lists":       "fn f() -> int = " + strings.Repeat("[", n),
		"records":     "fn f() -> int = " + strings.Repeat("{a: ", n),
		"negations":   "fn f() -> int = " + strings.Repeat("!", n) + "a",
		"operators":   "fn f() -> int = a" + strings.Repeat(" + a", n),
		"members":     "fn f() -> int = a" + strings.Repeat(".a", n),
		"stages":      "fn f() -> int = a" + strings.Repeat(" | first()", n),
		"blocks":      "rpc f() public " + strings.Repeat("{ if a ", n),
		"elses":       "rpc f() public { if a { }" + strings.Repeat(" else if a { }", n) + " }",
		"conditions":  "fn f() -> int = " + strings.Repeat("if a then ", n),
		"matches":     "fn f() -> int = " + strings.Repeat("match a { 1 => ", n),
		"types":       "type A = " + strings.Repeat("[", n),
		"fields":      "type A " + strings.Repeat("{ a: ", n),
		"writes":      "rpc f() public { " + strings.Repeat("update ", n),
		"bounds":      "type A = int(" + strings.Repeat("-", n),
		"strings":     "fn f() -> string = " + strings.Repeat(`"{`, n),
		"sorts":       "fn f() -> int = a | sort " + strings.Repeat("(", n),
		"braces":      strings.Repeat("rpc f() {\n", 1000) + strings.Repeat("{", n),
	} {
		t.Run(name, func(t *testing.T) {
			if tree, found := Parse(&source.File{Text: text}); len(found) == 0 || len(found) > 2000 {
				t.Errorf("there are %d diagnostics, and %d declarations", len(found), len(tree.Decls))
			}
		})
	}
}

// TestEveryPrefix cuts the sources after every token, as an editor does while a text is being written.
func TestEveryPrefix(t *testing.T) {
	for _, text := range sources(t) {
		for i := 0; i < len(text); i += 1 + len(text)/50 {
			parse(t, text[:i])
		}
	}
}
