package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/internal/golden"
)

// elsewhere are codes that no golden here has, with the reason.
var elsewhere = map[string]string{
	"LIVE0690": "given by the emitters: testdata/cli/build.txtar",
}

var (
	codeLine = regexp.MustCompile(`"(LIVE\d{4})" // (.*)`)
	given    = regexp.MustCompile(`: (LIVE\d{4})[: ]`)
)

// TestEveryCode looks for each code from LIVE0101 on in the goldens, and keeps the list of them in testdata/check/README.md, where one
// finds the tests of a code.
func TestEveryCode(t *testing.T) {
	const dir = "../testdata/check"
	where := map[string][]string{}
	paths, err := filepath.Glob(dir + "/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if f.Name != "want" {
				continue
			}
			for _, m := range given.FindAllStringSubmatch(string(f.Data), -1) {
				name := strings.TrimPrefix(path, dir+"/")
				if !slices.Contains(where[m[1]], name) {
					where[m[1]] = append(where[m[1]], name)
				}
			}
		}
	}
	text, err := os.ReadFile("../lang/diag/codes.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := codeLine.FindAllStringSubmatch(string(text), -1)
	if len(codes) == 0 {
		t.Fatal("no codes")
	}
	var b strings.Builder
	b.WriteString(readme)
	for _, m := range codes {
		code, title := m[1], m[2]
		if code < "LIVE0101" || code >= "LIVE0900" {
			continue
		}
		if len(where[code]) == 0 && elsewhere[code] == "" {
			t.Errorf("no golden has %s, %s", code, title)
		}
		if len(where[code]) > 0 && elsewhere[code] != "" {
			t.Errorf("%s has a golden now: take it out of the list of those that have none", code)
		}
		places := elsewhere[code]
		if places == "" {
			places = "`" + strings.Join(where[code], "` `") + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code, title, places)
	}
	golden.File(t, dir+"/README.md", []byte(b.String()))
}

const readme = "# What the checker says\n\n" +
	"One folder for each construct or topic, one file for each question. A file has a line on what it shows, an app of one file or " +
	"several, and in `want` the diagnostics of it: the place with its text, the code, the message,\n" +
	"other places, help, and the title of the fix if there is one. What is called `fine` in an app, or has nothing in `want`, is the near " +
	"miss that must not be reported.\n\n" +
	"`go run ./scripts/goldens ./compiler` writes `want` and this table anew; read the difference.\n\n" +
	"| code | what it says | files |\n|---|---|---|\n"
