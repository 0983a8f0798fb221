// Package nametest makes apps that give every name that means something in generated code to every kind of
// declaration, for tests of the emitters: no name of an app may collide with a name of Go, TypeScript or the emitter.
package nametest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/check/signature"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	live "github.com/livec-lang/livec/lang/token"
)

// perModule is the number of names in a module. The time to print an expression of Go grows with the square of its length.
const perModule = 12

// mark begins every name of an app that is not under test, so that it cannot be confused with a name of an emitter.
const mark = "zq"

// plain is the name under test in the apps that show which names an emitter itself uses.
const plain = mark + "name"

// Words returns the names to test: all of one letter, and more, which are words that mean something in the generated
// language or that an emitter uses itself. A name of an emitter that ends with a number stands for that without it. No
// two of the names differ only in case, and none is reserved in the language.
func Words(more []string) []string {
	var all []string
	for c := 'a'; c <= 'z'; c++ {
		all = append(all, string(c))
	}
	seen := map[string]bool{}
	var out []string
	for _, w := range append(all, more...) {
		w = strings.TrimRight(camel(w), "0123456789")
		if key := strings.ToLower(w); name.MatchString(w) && !seen[key] && !live.IsReserved(w) && !strings.HasPrefix(key, mark) {
			seen[key] = true
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// name matches a name of the language that is spelled as one of a declaration.
var name = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

// Own reports whether a name in generated code comes from the emitter, not from the app.
func Own(name string) bool { return !strings.Contains(strings.ToLower(name), mark) }

func camel(w string) string {
	if strings.ToUpper(w) == w {
		return strings.ToLower(w)
	}
	return strings.ToLower(w[:1]) + w[1:]
}

// Apps returns an app for each place, by the name of the place, in which all of the names stand in that place. A word of
// the language is left out where it cannot be a name.
func Apps(t testing.TB, names []string) map[string]*compiler.App {
	t.Helper()
	out := map[string]*compiler.App{}
	for _, p := range places {
		var modules []*source.File
		for some := range slices.Chunk(allowed(p, names), perModule) {
			modules = append(modules, file(fmt.Sprint(mark, "module", len(modules)), p.module(some...)))
		}
		compile(t, out, p.name, modules)
	}
	var files []*source.File
	for _, n := range names {
		files = append(files, file(n, own))
	}
	compile(t, out, modulePlace, files)
	return out
}

func compile(t testing.TB, out map[string]*compiler.App, place string, files []*source.File) {
	t.Helper()
	app, list := compiler.Compile(place, append(files, file(mark+"base", base)))
	if app != nil {
		out[place] = app
		return
	}
	for _, d := range list {
		if d.Severity == diag.Error {
			f := d.Primary.File
			t.Errorf("%s: %s at %.40q: %s", place, d.Code, f.Text[d.Primary.Span.Start:], d.Message)
		}
	}
}

// allowed returns the names without the words of the language that have another meaning in the place.
func allowed(p place, names []string) []string {
	var asked []*source.File
	for _, n := range names {
		if words[n] {
			asked = append(asked, file(n, p.module(n)))
		}
	}
	_, list := compiler.Compile(p.name, append(asked, file(mark+"base", base)))
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return slices.ContainsFunc(asked, func(f *source.File) bool { return f.Module == n && mistaken(f, list) })
	})
}

// mistaken reports whether there is an error in a file.
func mistaken(f *source.File, list diag.List) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Error && d.Primary.File == f })
}

// words are the words of the language that may have a meaning of their own in a place.
var words = map[string]bool{}

func init() {
	for w := range signature.Of {
		words[w] = true
	}
	more := strings.Fields("bool bytes time ctx env path user key cursor cursors subscribe count first any all sum avg")
	for _, w := range slices.Concat(parser.Keywords(), ast.StageWords, more) {
		words[w] = true
	}
}

// Plain returns the apps with a single name that means nothing.
func Plain(t testing.TB) map[string]*compiler.App {
	t.Helper()
	return Apps(t, []string{plain})
}

func file(module, text string) *source.File {
	return &source.File{Path: module + ".live", Module: module, Text: text}
}
