package snapshot

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// contextual are the words of the language that may be names elsewhere.
var contextual = strings.Fields("filter sort limit page join map group as on by per rate tz throttle log expect debounce where if desc " +
	"public guard access gate merge key index unique server secret subscribe unsubscribe version diff since back rename add drop convert " +
	"literal fails within every at post verify origins maxPayload retryable from to read write patch next connect reveal crud latest set " +
	"presence cursor prepend replay delta timeout writable expire user ip email url asc info warn error debug body")

// older is a name in the cookbook of a field that an older version of a table has had: nothing declares it.
const older = "done"

// TestEveryName asks for each name of the examples and of the app that uses every feature: there is a symbol.
func TestEveryName(t *testing.T) {
	paths, err := filepath.Glob("../../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range append(paths, "../../testdata/cookbook/cookbook.live") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		s := New("app", []*source.File{{Path: "app.live", Module: "app", Text: text}})
		if list := s.Check(); list.HasErrors() {
			t.Fatal(path, list)
		}
		for _, tok := range token.Scan(text).Tokens {
			name := text[tok.Span.Start:tok.Span.End]
			if tok.Kind != token.Ident || name == older || token.IsReserved(name) || slices.Contains(contextual, name) ||
				slices.Contains(parser.Keywords(), name) {
				continue
			}
			sym, at, ok := s.SymbolAt("app.live", tok.Span.Start)
			if !ok || at.Span.Start > tok.Span.Start || at.Span.End < tok.Span.End {
				p := s.File("app.live").Position(tok.Span.Start)
				t.Errorf("%s:%d:%d: no symbol for %s (%v)", path, p.Line, p.Column, name, sym)
			}
		}
	}
}
