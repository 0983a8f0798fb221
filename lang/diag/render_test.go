package diag

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/internal/golden"
	"github.com/livec-lang/livec/lang/source"
)

// compare compares output with testdata/NAME.
func compare(t *testing.T, name, got string) {
	t.Helper()
	golden.File(t, filepath.Join("testdata", name), []byte(got))
}

func file(path, text string) *source.File { return &source.File{Path: path, Text: text} }

// label returns a label on the first occurrence of a text in a file.
func label(f *source.File, part, text string) Label {
	i := strings.Index(f.Text, part)
	if i < 0 {
		panic("no " + part)
	}
	return Label{f, source.Span{Start: int32(i), End: int32(i + len(part))}, text}
}

func at(f *source.File, start, end int, text string) Label {
	return Label{f, source.Span{Start: int32(start), End: int32(end)}, text}
}

func rendered(t *testing.T, r Renderer, list List, o RenderOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := r(&b, list, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// app returns diagnostics of every form in two files, not sorted.
func app() List {
	chat := file("app/chat.live", "type Message { text: string }\ntype Pair { first: Mesage, second: Message }\n\nrpc send(text: string) "+
		"-> Message public {\n  return insert Message { text }\n}\n")
	lobby := file("app/my lobby.live", "/// Für alle\nstream lobby public = Mesage | limit 10\n")
	mesage := label(chat, "Mesage", "not declared anywhere")
	return List{
		{Code: "LIVE0997", Severity: Warning, Message: "lobby scans Message", Primary: label(lobby, "Mesage | limit 10", "")},
		{
			Code: "LIVE0299", Severity: Error, Message: "Message is no table, so nothing can be inserted: 100%, a: b",
			Primary:   label(chat, "insert Message { text }", "stores a row"),
			Secondary: []Label{label(chat, "type Message", "declared as a type here"), label(lobby, "Mesage", "and used here")},
			Help:      []string{"write `table Message`", "or return the record\nitself"},
		},
		{
			Code: "LIVE0199", Severity: Error, Message: "there is no type Mesage", Primary: mesage,
			Secondary: []Label{label(chat, "Message", "similar")},
			Help:      []string{"did you mean Message?"},
			Fix:       &Fix{"write Message", []Edit{{chat, mesage.Span, "Message"}}},
		},
		{Code: "LIVE0998", Severity: Error, Message: "the database of the app cannot be used"},
	}
}

func TestFormats(t *testing.T) {
	for name, r := range Renderers() {
		compare(t, "app."+name, rendered(t, r, app(), RenderOptions{}))
		compare(t, "none."+name, rendered(t, r, nil, RenderOptions{}))
	}
	compare(t, "color.text", rendered(t, Text, app(), RenderOptions{Color: true, Width: 100}))
}

func TestSorted(t *testing.T) {
	list := app()
	before := append(List(nil), list...)
	if got := list.Sorted(); got[0].Primary.File != nil || got[1].Code != "LIVE0199" || got[3].Code != "LIVE0997" {
		t.Errorf("the order is %v %v %v %v", got[0].Code, got[1].Code, got[2].Code, got[3].Code)
	}
	for i := range before {
		if list[i].Code != before[i].Code {
			t.Error("the list itself was sorted")
		}
	}
}

// TestSARIFRules expects each rule to have its page.
func TestSARIFRules(t *testing.T) {
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID               Code
						ShortDescription struct{ Text string }
						Help             struct{ Markdown string }
					}
				}
			}
		}
	}
	text := rendered(t, SARIF, List{{Code: CodeMissingIndex, Severity: Warning}}, RenderOptions{})
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatal(err)
	}
	page, _ := Explain(CodeMissingIndex)
	rule := log.Runs[0].Tool.Driver.Rules[0]
	if rule.ID != CodeMissingIndex || rule.ShortDescription.Text != Title(CodeMissingIndex) || rule.Help.Markdown != page || page == "" {
		t.Errorf("the rule is %+v", rule)
	}
}
