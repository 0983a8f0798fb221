package diag

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/lang/source"
)

// TestSnippets has a golden file for each special kind of position.
func TestSnippets(t *testing.T) {
	one := func(l Label, more ...Label) List {
		return List{{Code: "LIVE0199", Severity: Error, Message: "here", Primary: l, Secondary: more}}
	}
	tabs := file("tabs.live", "type A {\n\tfirst:\tNowhere\n}\n")
	wide := file("wide.live", "let 名前 = \"👩‍👩‍👧 é\u0301\" + Nowhere\n")
	crlf := file("crlf.live", "type A {\r\n  it: Nowhere\r\n}\r\n")
	open := file("open.live", "rpc a() public {\n  return {\n\n")
	body := file("body.live", "rpc a() public {\n  let x = 1\n  let y = 2\n  let z = 3\n}\n")
	crowd := file("crowd.live", "let sum = left + right * other\n")
	far := file("far.live", "table A {\n  id: id\n\n  name: string\n  a: int\n  b: int\n}\nfn f() -> B = 1\n")
	long := file("long.live", "let x = "+strings.Repeat("abcdefghi ", 40)+"Nowhere "+strings.Repeat("jklmnopqr ", 40)+"Elsewhere\n")
	evil := file("evil.live", "let a = \"\x1b[31m\u202Etxt\x00\" + Nowhere\n")
	cases := map[string]struct {
		list  List
		width int
	}{
		"tabs":        {list: one(label(tabs, "Nowhere", "not declared"), label(tabs, "\t", "a tab"))},
		"wide":        {list: one(label(wide, "Nowhere", "not declared"), label(wide, "名前", "wide"), label(wide, "👩‍👩‍👧", "one"))},
		"crlf":        {list: one(label(crlf, "Nowhere", "not declared"), label(crlf, "{\r\n", "to the end"))},
		"empty_file":  {list: one(at(file("empty.live", ""), 0, 0, "nothing is here"))},
		"end":         {list: one(at(open, len(open.Text), len(open.Text), "the file ends here"), label(open, "{", "opened here"))},
		"end_of_line": {list: one(at(body, 16, 16, "something is missing"))},
		"outside":     {list: one(at(body, 900, -5, "moved"))},
		"lines":       {list: one(label(body, "{\n  let x = 1\n  let y = 2\n  let z = 3\n}", "this block"), label(body, "a()", "of this"))},
		"two_lines":   {list: one(label(body, "1\n  let y", "both"))},
		"crowd": {list: one(label(crowd, "right", "an int"), label(crowd, "left", "a string"), label(crowd, "other", "a time"),
			label(crowd, "right * other", "multiplied"))},
		"same_start": {list: one(label(crowd, "left", "a string"), label(crowd, "left + right", "added"))},
		"far": {list: one(label(far, "B", "not declared"), label(far, "table", ""), label(far, "name", "one line between"),
			label(far, "b: int", "two"))},
		"long": {list: one(label(long, "Nowhere", "not declared"), label(long, "Elsewhere", "nor this"), label(long, "x", "for this"))},
		"evil": {list: one(label(evil, "Nowhere", "not\x1b[31m declared"))},
		"narrow": {width: 40, list: List{{
			Code: "LIVE0199", Severity: Warning, Message: "a message that is longer than a narrow terminal, and so takes more lines",
			Primary: label(long, "Nowhere", "a label that is longer than a narrow terminal"),
			Help:    []string{"help that is longer than a narrow terminal, and so takes more lines"},
		}}},
		"fix_lines": {list: List{{
			Code: "LIVE0199", Severity: Error, Message: "unused", Primary: label(body, "x", ""),
			Fix: &Fix{"remove it", []Edit{{body, label(body, "  let x = 1\n", "").Span, ""}, {body, label(body, "3", "").Span, "4"}}},
		}}},
		"fix_insert": {list: List{{
			Code: "LIVE0199", Severity: Error, Message: "two more", Primary: label(body, "x", ""),
			Fix: &Fix{"name the type", []Edit{{body, at(body, 7, 7, "").Span, " -> int"}, {body, at(body, 24, 24, "").Span, ": int"}}},
		}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			compare(t, name+".text", rendered(t, Text, c.list, RenderOptions{Width: c.width}))
		})
	}
}

// TestAnyPlace renders any labels in any text in every format. Nothing panics, no line is wider than the terminal if
// that can be avoided, and no text moves the cursor or changes colours except as requested.
func TestAnyPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab \t\r\n名é\u0301👩\u200d\u202e\x1b\x00"))).Draw(t, "text")
		f := file("a.live", text)
		location := func(name string) Label {
			offset := rapid.IntRange(-3, len(text)+3)
			return at(f, offset.Draw(t, name+" start"), offset.Draw(t, name+" end"), rapid.StringMatching(`[a-z名 ]{0,20}`).Draw(t, name+" text"))
		}
		d := Diagnostic{Code: "LIVE0199", Severity: Error, Message: "m", Primary: location("primary")}
		for range rapid.IntRange(0, 4).Draw(t, "further") {
			d.Secondary = append(d.Secondary, location("secondary"))
		}
		edit := location("edit")
		d.Fix = &Fix{"fix", []Edit{{f, edit.Span, edit.Text}}}
		width := rapid.IntRange(0, 60).Draw(t, "width")
		for name, r := range Renderers() {
			var b strings.Builder
			if err := r(&b, List{d}, RenderOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			if name != "text" {
				continue
			}
			for l := range strings.SplitSeq(b.String(), "\n") {
				if strings.ContainsFunc(l, disturbs) {
					t.Errorf("a line disturbs the terminal: %q", l)
				}
				if got := columns(l); width >= 40 && got > width {
					t.Errorf("%d columns: %q", got, l)
				}
			}
		}
	})
}

// TestLongText expects the time for rendering to be linear in the length of the text.
func TestLongText(t *testing.T) {
	f := file("big.live", strings.Repeat("x", 1<<20))
	got := rendered(t, Text, List{{Code: "LIVE0199", Severity: Error, Message: "m", Primary: at(f, 1<<19, 1<<19+3, "here")}},
		RenderOptions{Width: 80})
	if !strings.Contains(got, "^^^ here") || len(got) > 400 {
		t.Errorf("%d bytes: %.400s", len(got), got)
	}
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrors(t *testing.T) {
	for name, r := range Renderers() {
		if err := r(broken{}, app(), RenderOptions{}); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWithin(t *testing.T) {
	f := file("a.live", "abc")
	for _, c := range []struct{ in, want source.Span }{
		{source.Span{Start: 1, End: 2}, source.Span{Start: 1, End: 2}},
		{source.Span{Start: 2, End: 1}, source.Span{Start: 2, End: 2}},
		{source.Span{Start: -4, End: 9}, source.Span{Start: 0, End: 3}},
		{source.Span{Start: 7, End: 9}, source.Span{Start: 3, End: 3}},
	} {
		if got := within(f, c.in); got != c.want {
			t.Errorf("%v: got %v, want %v", c.in, got, c.want)
		}
	}
}
