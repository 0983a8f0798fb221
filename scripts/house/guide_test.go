package house

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// placeholders are words of paths in CONTRIBUTING.md for which the reader puts in a name.
var placeholders = strings.NewReplacer("NAME", "*", "xxxx", "*")

// TestGuide looks for each file and each test that CONTRIBUTING.md names.
func TestGuide(t *testing.T) {
	r := rule{
		what: "CONTRIBUTING.md names what is there",
		why:  "people who do not know the code have nothing else to go by",
		todo: "write the new name into CONTRIBUTING.md, or take out what is gone",
	}
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	var guide string
	for _, f := range all(t) {
		if f.path == "CONTRIBUTING.md" {
			guide = f.text
		}
		if f.isTest() {
			for _, m := range declared.FindAllStringSubmatch(f.text, -1) {
				tests[m[1]] = true
			}
		}
	}
	found := 0
	for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(guide, -1) {
		name := m[1]
		switch {
		case regexp.MustCompile(`^Test\w+$`).MatchString(name):
			found++
			if !tests[name] {
				r.broken(t, "CONTRIBUTING.md", "there is no test %s", name)
			}
		case isPath(name):
			found++
			matches, err := filepath.Glob(filepath.Join(root, placeholders.Replace(name)))
			if err != nil {
				t.Fatal(err)
			}
			if len(matches) == 0 {
				r.broken(t, "CONTRIBUTING.md", "there is no file %s", name)
			}
		}
	}
	if found < 100 {
		t.Errorf("CONTRIBUTING.md names %d files and tests: are they in backticks?", found)
	}
}

// isPath says whether a text is the path of a file or a folder of the project, and no command.
func isPath(text string) bool {
	first, _, ok := strings.Cut(strings.TrimPrefix(text, "./"), "/")
	return !strings.Contains(text, " ") && (ok && exists(first) || path.Ext(text) == ".md")
}
