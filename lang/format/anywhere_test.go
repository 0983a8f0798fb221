package format

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// TestCommentsAnywhere inserts comments, line breaks and white space at any place between the words of texts without
// mistakes, and then makes the same checks as for any text.
func TestCommentsAnywhere(t *testing.T) {
	texts := slices.Clone(cases(t))
	apps := corpus(t)
	for _, path := range slices.Sorted(maps.Keys(apps)) {
		texts = append(texts, apps[path])
	}
	texts = slices.DeleteFunc(texts, func(text string) bool {
		_, found := Format(&source.File{Text: text})
		return found.HasErrors()
	})
	put := []string{" // c\n  ", "\n  ", "\n\n\n  ", " /// d\n  ", "  ", "\n  // c\n  ", "\n  /// d\n  ", "\n  // c\n\n  // d\n  ", "\r\n  "}
	tried, good := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(rt, "text")
		list := token.Scan(text)
		var places []int
		for i, tok := range list.Tokens {
			if i > 0 && !inString(tok.Kind) {
				places = append(places, int(tok.Span.Start))
			}
		}
		if len(places) == 0 {
			return
		}
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(places), 1, 8, rapid.ID[int]).Draw(rt, "places")
		slices.Sort(chosen)
		var b strings.Builder
		at := 0
		for _, place := range chosen {
			b.WriteString(text[at:place])
			b.WriteString(rapid.SampledFrom(put).Draw(rt, "what"))
			at = place
		}
		b.WriteString(text[at:])
		tried++
		if problem := wrong(b.String()); problem != "" {
			rt.Fatal(problem)
		}
		if _, found := Format(&source.File{Text: b.String()}); !found.HasErrors() {
			good++
		}
	})
	if good*4 < tried {
		t.Errorf("only %d of %d texts had no mistakes: the test says little", good, tried)
	}
}

// inString reports whether white space before a token would be part of a string.
func inString(k token.Kind) bool {
	return k == token.Text || k == token.InterpStart || k == token.StringEnd || k == token.InterpEnd
}
