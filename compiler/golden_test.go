package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// TestCheck compiles the apps in testdata/check, one folder a construct, and compares the diagnostics with those in the section `want`. An
// app without mistakes has an empty one.
func TestCheck(t *testing.T) {
	paths, err := filepath.Glob("../testdata/check/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		name, _ := strings.CutPrefix(path, "../testdata/check/")
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) { compareWant(t, path) })
	}
}

func compareWant(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, list := Compile("app", sources(a))
	want := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
	if want < 0 {
		a.Files = append(a.Files, txtar.File{Name: "want"})
		want = len(a.Files) - 1
	}
	a.Files[want].Data = []byte(lines(list))
	golden.File(t, path, txtar.Format(a))
}

// lines writes diagnostics briefly: the place, the code, the text at the place, the message, the labels, the help and the fix.
func lines(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		severity := ""
		if d.Severity == diag.Warning {
			severity = " (warning)"
		}
		fmt.Fprintf(&b, "%s: %s%s: %s\n", location(d.Primary), d.Code, severity, d.Message)
		for _, l := range d.Secondary {
			fmt.Fprintf(&b, "  %s: %s\n", location(l), l.Text)
		}
		for _, h := range d.Help {
			fmt.Fprintf(&b, "  help: %s\n", h)
		}
		if d.Fix != nil {
			fmt.Fprintf(&b, "  fix: %s\n", d.Fix.Title)
		}
	}
	return b.String()
}

func location(l diag.Label) string {
	p := l.File.Position(l.Span.Start)
	text := l.File.Text[l.Span.Start:l.Span.End]
	if first, _, more := strings.Cut(text, "\n"); more {
		text = first + "…"
	}
	return fmt.Sprintf("%s:%d:%d `%s`", l.File.Path, p.Line, p.Column, text)
}

// TestCookbook compiles an app that uses every feature. It has no errors; what has no back end yet is counted as pending.
func TestCookbook(t *testing.T) {
	data, err := os.ReadFile("../testdata/cookbook/cookbook.live")
	if err != nil {
		t.Fatal(err)
	}
	app, list := Compile("cookbook", []*source.File{{Path: "cookbook.live", Module: "cookbook", Text: string(data)}})
	for _, d := range list {
		t.Errorf("%s", lines(diag.List{d}))
	}
	if app == nil || len(app.Program.Modules) == 0 {
		t.Fatal("no program")
	}
}
