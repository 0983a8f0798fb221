package format

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/internal/treetest"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
)

// TestSyntax runs the cases in testdata/syntax, one archive for each construct. After each source NAME.live comes
// NAME.formatted, unless it is the same, or NAME.diagnostics if the source has mistakes.
func TestSyntax(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/syntax/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { runCases(t, path) })
	}
}

func runCases(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []txtar.File
	for _, f := range archive.Files {
		name, ok := strings.CutSuffix(f.Name, ".live")
		if !ok {
			continue
		}
		out = append(out, f)
		text, found := Format(&source.File{Path: f.Name, Text: string(f.Data)})
		result := txtar.File{Name: name + ".formatted", Data: text}
		if len(found) > 0 {
			result = txtar.File{Name: name + ".diagnostics", Data: []byte(reported(found))}
		} else if string(text) == string(f.Data) {
			continue
		}
		out = append(out, result)
	}
	archive.Files = out
	golden.File(t, path, txtar.Format(archive))
}

// reported returns diagnostics as text: position, code, message, the text they point at, and what to do.
func reported(found diag.List) string {
	var b strings.Builder
	for _, d := range found {
		f, s := d.Primary.File, d.Primary.Span
		at := f.Position(s.Start)
		fmt.Fprintf(&b, "%d:%d %s %s\n    at %q\n", at.Line, at.Column, d.Code, d.Message, f.Text[s.Start:s.End])
		for _, l := range d.Secondary {
			at := f.Position(l.Span.Start)
			fmt.Fprintf(&b, "    see %d:%d %s\n", at.Line, at.Column, l.Text)
		}
		for _, h := range d.Help {
			fmt.Fprintf(&b, "    help: %s\n", h)
		}
		if d.Fix != nil {
			fmt.Fprintf(&b, "    fix: %s\n", d.Fix.Title)
		}
	}
	return b.String()
}

// TestFixes applies every fix in the cases, and expects its mistake to be gone.
func TestFixes(t *testing.T) {
	fixes := 0
	for _, text := range cases(t) {
		_, before := parser.Parse(&source.File{Text: text})
		for _, d := range before {
			if d.Fix == nil {
				continue
			}
			fixes++
			fixed := text
			edits := slices.Clone(d.Fix.Edits)
			slices.SortFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
			for _, e := range edits {
				fixed = fixed[:e.Span.Start] + e.Text + fixed[e.Span.End:]
			}
			_, after := parser.Parse(&source.File{Text: fixed})
			if slices.ContainsFunc(after, func(a diag.Diagnostic) bool { return a.Code == d.Code && a.Message == d.Message }) &&
				len(after) >= len(before) {
				t.Errorf("%s: the fix %q leaves\n%s\nof\n%s", d.Message, d.Fix.Title, reported(after), fixed)
			}
		}
	}
	if fixes < 5 {
		t.Errorf("there are %d fixes only", fixes)
	}
}

// cases returns the sources of testdata/syntax.
func cases(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/syntax/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".live") {
				out = append(out, string(f.Data))
			}
		}
	}
	return out
}

// TestApps formats the apps of the project, which have no mistakes.
func TestApps(t *testing.T) {
	for path, text := range corpus(t) {
		if _, found := Format(&source.File{Text: text}); len(found) > 0 {
			t.Errorf("%s\n%s", path, reported(found))
		}
		holds(t, text)
	}
}

// FuzzFormat formats any text without mistakes. The tree must stay the same except for positions, no comment may be
// lost, and formatting again must change nothing.
func FuzzFormat(f *testing.F) {
	for _, text := range cases(f) {
		f.Add(text)
	}
	for _, text := range corpus(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= 1<<14 {
			treetest.Ends(text, func() { holds(t, text) })
		}
	})
}

func holds(t *testing.T, text string) {
	t.Helper()
	if problem := wrong(text); problem != "" {
		t.Fatal(problem)
	}
}

// wrong returns which of these properties a text violates; empty if it violates none.
func wrong(text string) string {
	once, found := Format(&source.File{Text: text})
	if found.HasErrors() {
		return ""
	}
	shown := fmt.Sprintf("\nformatted:\n%s\nfrom:\n%s", once, text)
	before, _ := parser.Parse(&source.File{Text: text})
	after, found := parser.Parse(&source.File{Text: string(once)})
	if len(found) > 0 {
		return "formatted, the text has mistakes:\n" + reported(found) + shown
	}
	if d := treetest.Difference(before, after); d != "" {
		return "formatted, the tree differs: " + d + shown
	}
	if twice, _ := Format(&source.File{Text: string(once)}); string(twice) != string(once) {
		return "formatted again:\n" + string(twice) + shown
	}
	if !strings.Contains(string(once), `"""`) {
		for _, line := range strings.Split(string(once), "\n") {
			if strings.TrimRight(line, " ") != line {
				return fmt.Sprintf("the line %q ends with white space", line) + shown
			}
		}
	}
	return ""
}
