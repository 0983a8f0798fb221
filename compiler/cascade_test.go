package compiler

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/parser"
	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/lang/token"
)

// contextual are the words of the language that may be names elsewhere. One of them misspelt is a mistake of syntax, whose recovery is the
// parser's.
var contextual = strings.Fields("filter sort limit page join map group as on by per rate tz throttle debounce where read write if desc " +
	"public guard access gate merge key index unique server secret subscribe unsubscribe version diff since back rename add drop convert " +
	"literal fails within expect log every at post verify origins maxPayload data presence cursors retryable from to")

// TestOneMistake misspells each name of the examples, one at a time, where it is used: there is one error, or one for each use where a
// declaration is renamed, and all of them speak of that name.
func TestOneMistake(t *testing.T) {
	paths, err := filepath.Glob("../examples/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range append(paths, "../testdata/cookbook/cookbook.live") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, tok := range token.Scan(text).Tokens {
			name := text[tok.Span.Start:tok.Span.End]
			if tok.Kind != token.Ident || token.IsReserved(name) || slices.Contains(contextual, name) || slices.Contains(parser.Keywords(), name) {
				continue
			}
			if strings.HasPrefix(strings.TrimLeft(text[tok.Span.End:], " "), ":") { // it is declared here, and others use it
				continue
			}
			wrong := "zzqx"
			if name[0] >= 'A' && name[0] <= 'Z' {
				wrong = "Zzqx"
			}
			_, list := Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: text[:tok.Span.Start] + wrong + text[tok.Span.End:]}})
			reports := 0
			for _, d := range list {
				if d.Severity != diag.Error {
					continue
				}
				says := d.Message + d.Primary.File.Text[d.Primary.Span.Start:d.Primary.Span.End]
				switch {
				case strings.Contains(says, wrong):
					reports++
				case !strings.Contains(says+strings.Join(d.Help, ""), name):
					t.Errorf("%s: `%s` misspelt at byte %d leads to\n%s", path, name, tok.Span.Start, lines(diag.List{d}))
				}
			}
			if reports > 1 {
				t.Errorf("%s: `%s` misspelt at byte %d is reported more than once:\n%s", path, name, tok.Span.Start, lines(list))
			}
		}
	}
}
