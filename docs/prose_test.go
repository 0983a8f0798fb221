package docs

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// phrases are ways of putting things that readers stumble over, each with what to write instead. Add one where a reviewer stumbles.
var phrases = []struct{ pattern, instead string }{
	{`\b(is|are|be) told\b`, "is reported, knows, or gets"},
	{`\bcannot be told\b`, "cannot be inferred, or is not known"},
	{`\bstands? behind\b`, "follows, or comes after"},
	{`\bbehind it stands?\b`, "after it comes"},
	{`\bstands? (twice|alone|outside|between|in column)\b`, "appears, is, or goes"},
	{`\bhangs? on\b`, "depends on"},
	{"(\\b(it|this|that|what)|`) is no (table|record|guard|list|name|value|type|pipe|signal|object|row|constant|call|schedule|path|number)\\b",
		"is not a …"},
	{`\bin no case\b`, "never"},
	{`\bin sight\b`, "in scope"},
	{`\bwhich this takes\b`, "name what takes it"},
	{`\bjudg(e|es|ed|ing)\b`, "validate"},
	{`\b(computed|read|sent|asked|made|written|connects?) anew\b`, "again"},
	{`\boutside functions?\b`, "extern function"},
	{`\blook-ups?\b`, "lookup"},
	{`\bforet(ell|old)s?\b`, "predict"},
	{`\bin (a circle|circles)\b`, "in a cycle"},
	{`\bdefects? of livec\b`, "a bug in livec"},
	{`\ball is well\b`, "no errors"},
	{`\bgoes on behind\b`, "has data after"},
	{`\bstay(s|ed)? behind\b`, "stays on the server, or is too slow"},
	{`\bopens? (the|a|no) door\b`, "allows too much"},
	{`\btells? (of|from)\b`, "report, or distinguish"},
	{`\bopen the door\b`, "allow too much"},
	{`\bthe place of another\b`, "replace"},
	{`\bnor is it\b`, "say it in its own sentence"},
}

// TestProse holds what people read to plain English: documentation, pages of codes, messages, the console, doc comments of apps.
func TestProse(t *testing.T) {
	type rule struct {
		*regexp.Regexp
		instead string
	}
	var rules []rule
	for _, p := range phrases {
		rules = append(rules, rule{regexp.MustCompile(`(?i)` + p.pattern), p.instead})
	}
	check := func(path string, line int, text string) {
		for i, l := range strings.Split(text, "\n") {
			for _, r := range rules {
				if found := r.FindString(l); found != "" {
					t.Errorf("%s:%d: do not write %q; write: %s", path, line+i, found, r.instead)
				}
			}
		}
	}
	read := func(path string) []byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	texts := map[string]bool{".md": true, ".live": true, ".html": true}
	places := []string{
		"../README.md", "../ARCHITECTURE.md", "../docs", "../lang/diag/explain", "../runtime/console/page", "../stdlib", "../examples",
	}
	seen := 0
	for _, place := range places {
		for _, path := range files(t, place) {
			if texts[filepath.Ext(path)] {
				seen++
				check(path, 1, string(read(path)))
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d pages are looked at", seen)
	}
	for _, place := range []string{"../lang", "../compiler", "../emit", "../cmd", "../relation", "../runtime"} {
		for _, path := range files(t, place) {
			if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
				literals(path, read(path), check)
			}
		}
	}
	check("../lang/diag/codes.go", 1, string(read("../lang/diag/codes.go"))) // the titles are comments
}

// files lists the files in a folder, without installed and generated ones.
func files(t *testing.T, place string) []string {
	var out []string
	err := filepath.WalkDir(place, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch name := d.Name(); {
		case !d.IsDir():
			out = append(out, path)
		case name == "node_modules", name == "testdata", name == "gen", name == "dist", name[0] == '.', name[0] == '_':
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// literals checks the string literals of a Go file that have more than one word: messages, help, and the comments that emitters write.
func literals(path string, text []byte, check func(path string, line int, text string)) {
	set := token.NewFileSet()
	file := set.AddFile(path, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok == token.STRING && strings.Contains(lit, " ") {
			check(path, set.Position(pos).Line, lit)
		}
	}
}
