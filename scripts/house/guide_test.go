package house

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guides are the guides for contributors, with the least number of files and tests that each names.
var guides = map[string]int{"CONTRIBUTING.md": 100, "ARCHITECTURE.md": 200}

// placeholders are words in paths that the reader replaces by a name.
var placeholders = strings.NewReplacer("NAME", "*", "xxxx", "*")

// TestGuide checks that each file and each test that the guides name exists.
func TestGuide(t *testing.T) {
	r := rule{
		what: "CONTRIBUTING.md and ARCHITECTURE.md name what is there",
		why:  "people who do not know the code have nothing else to go by",
		todo: "write the new name into the page, or take out what is gone; in a walk of ARCHITECTURE.md, see that the order still holds",
	}
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	texts := map[string]string{}
	for _, f := range all(t) {
		if guides[f.path] > 0 {
			texts[f.path] = f.text
		}
		if f.isTest() {
			for _, m := range declared.FindAllStringSubmatch(f.text, -1) {
				tests[m[1]] = true
			}
		}
	}
	for page, least := range guides {
		found := 0
		for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(texts[page], -1) {
			name := m[1]
			switch {
			case regexp.MustCompile(`^Test\w+$`).MatchString(name):
				found++
				if !tests[name] {
					r.broken(t, page, "there is no test %s", name)
				}
			case isPath(name):
				found++
				matches, err := filepath.Glob(filepath.Join(root, placeholders.Replace(name)))
				if err != nil {
					t.Fatal(err)
				}
				if len(matches) == 0 {
					r.broken(t, page, "there is no file %s", name)
				}
			}
		}
		if found < least {
			t.Errorf("%s names %d files and tests: are they in backticks?", page, found)
		}
	}
}

// isPath reports whether a text is the path of a file or a folder of the project, and not a command.
func isPath(text string) bool {
	first, _, ok := strings.Cut(strings.TrimPrefix(text, "./"), "/")
	return !strings.Contains(text, " ") && (ok && exists(first) || path.Ext(text) == ".md")
}
