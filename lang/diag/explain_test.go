package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// declared reads the constants of type Code and their titles from the sources of this package.
func declared(t *testing.T) (titles map[Code]string, twice []Code) {
	t.Helper()
	paths, err := filepath.Glob("codes*.go")
	if err != nil {
		t.Fatal(err)
	}
	titles = map[Code]string{}
	for _, path := range paths {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			lit, ok := spec.Values[0].(*ast.BasicLit)
			if typ, named := spec.Type.(*ast.Ident); !ok || !named || typ.Name != "Code" {
				return true
			}
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			if _, seen := titles[Code(value)]; seen {
				twice = append(twice, Code(value))
			}
			titles[Code(value)] = strings.TrimSpace(spec.Comment.Text())
			return true
		})
	}
	return titles, twice
}

// TestCodes checks the form of every code, and that its page has its title and two examples.
func TestCodes(t *testing.T) {
	titles, twice := declared(t)
	if len(titles) == 0 {
		t.Fatal("no codes are found")
	}
	for _, code := range twice {
		t.Errorf("%s is declared twice", code)
	}
	form := regexp.MustCompile(`^LIVE0[0-69]\d\d$`)
	for code, title := range titles {
		if !form.MatchString(string(code)) {
			t.Errorf("%s is not a code: LIVE and four digits, in a range of codes.go", code)
		}
		if title == "" {
			t.Errorf("%s has no title: write it behind the constant", code)
		}
		page, ok := Explain(code)
		if !ok {
			t.Errorf("%s (%s) has no page explain/%s.md", code, title, code)
			continue
		}
		if got := Title(code); got != title {
			t.Errorf("the page of %s is titled %q, the constant %q", code, got, title)
		}
		for _, want := range []string{"# " + string(code) + ": ", "\n## Why\n", "\n## Wrong\n", "\n## Right\n"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page of %s lacks %q", code, want)
			}
		}
		for _, kind := range []ExampleKind{Wrong, Right} {
			if !slices.ContainsFunc(Examples(code), func(x Example) bool { return x.Kind == kind }) {
				t.Errorf("the page of %s has no %s example", code, kind)
			}
		}
	}
	for _, code := range Codes() {
		if _, ok := titles[code]; !ok {
			t.Errorf("explain/%s.md explains a code that is not declared", code)
		}
	}
}

func TestExamples(t *testing.T) {
	got := examples("# LIVE0001: x\n\n```live wrong\na\n\nb\n```\n\n```live\nno example\n```\n\n```live right app/b.live\nc\n```\n```live " +
		"right\nd\n```\n")
	want := []Example{{Wrong, "", "a\n\nb\n"}, {Right, "app/b.live", "c\n"}, {Right, "", "d\n"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := examples("```live wrong\nnever closed\n"); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestExplainUnknown(t *testing.T) {
	for _, code := range []Code{"", "LIVE9999", "../diag", "LIVE0412.md"} {
		if page, ok := Explain(code); ok || page != "" || Title(code) != "" {
			t.Errorf("%q is explained: %q", code, page)
		}
	}
}
