package parser

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/internal/treetest"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// TestOneMistakeStays makes one mistake in a text without mistakes: it removes a word, inserts another one, or repeats one. There must be
// few diagnostics, all in the declaration with the mistake, and all other declarations must stay the same.
func TestOneMistakeStays(t *testing.T) {
	texts := slices.DeleteFunc(sources(t), func(text string) bool {
		_, found := Parse(&source.File{Text: text})
		return len(found) > 0
	})
	words := []string{"", "(", ")", "{", "}", "[", "]", ",", ":", "=", "|", "\"", `"""`, "let", "name", "5", ".", "->", "=>",
		"else", "§", "/", "+"}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(rt, "text")
		list := token.Scan(text)
		before, _ := Parse(&source.File{Text: text})
		d := rapid.IntRange(0, len(before.Decls)-1).Draw(rt, "declaration")
		at := before.Decls[d].Where()
		var inside []token.Token
		for _, tok := range list.Tokens {
			if tok.Span.Start > at.Start && tok.Span.End <= at.End && tok.Kind != token.Text && !tok.Is(token.Column1) {
				inside = append(inside, tok)
			}
		}
		if len(inside) == 0 {
			return
		}
		tok := rapid.SampledFrom(inside).Draw(rt, "word")
		word := rapid.SampledFrom(words).Draw(rt, "instead")
		if rapid.Bool().Draw(rt, "twice") {
			word = list.Of(tok) + " " + word
		}
		broken := text[:tok.Span.Start] + word + text[tok.Span.End:]
		after, found := Parse(&source.File{Text: broken})
		end := int32(len(broken))
		if d+1 < len(before.Decls) {
			end += before.Decls[d+1].Where().Start - int32(len(text))
		}
		for _, f := range found {
			if s := f.Primary.Span; s.Start < at.Start || s.End > end {
				rt.Fatalf("%q instead of %q: %s is reported elsewhere\n%s", word, list.Of(tok), f.Message, broken)
			}
		}
		if len(found) > 3 {
			rt.Fatalf("%q instead of %q: there are %d diagnostics\n%s\n%s", word, list.Of(tok), len(found), messages(found), broken[at.Start:end])
		}
		if len(after.Decls) != len(before.Decls) {
			rt.Fatalf("%q instead of %q: %d declarations became %d\n%s", word, list.Of(tok), len(before.Decls), len(after.Decls), broken)
		}
		for i := range after.Decls {
			if i == d {
				continue
			}
			if diff := treetest.DeclDifference(before.Decls[i], after.Decls[i]); diff != "" {
				rt.Fatalf("%q instead of %q: another declaration differs: %s\n%s", word, list.Of(tok), diff, broken)
			}
		}
	})
}

func messages(found diag.List) string {
	var out []string
	for _, d := range found {
		at := d.Primary.File.Position(d.Primary.Span.Start)
		out = append(out, strings.Repeat(" ", at.Column)+d.Message)
	}
	return strings.Join(out, "\n")
}
