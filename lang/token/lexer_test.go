package token

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"
	"pgregory.net/rapid"
)

// shown returns tokens as text, with their flags and problems.
func shown(list *List) string {
	var out []string
	for _, t := range list.Tokens {
		s := list.Of(t)
		switch t.Kind {
		case EOF:
			continue
		case Bad:
			s = "bad:" + s
		case Text:
			s = "text:" + s
		case StringEnd:
			s += "$"
		case Pattern:
			s = "pattern:" + s
		case Duration, Size:
			s = "unit:" + s
		case Float:
			s = "float:" + s
		}
		if t.Problem != None {
			s += fmt.Sprintf("!%d", t.Problem)
		}
		out = append(out, strings.ReplaceAll(s, "\n", `\n`))
	}
	return strings.Join(out, " ")
}

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"a b1 _c":                       "a b1 _c",
		"a.b a .b a?.b a ?? b":          "a . b a . b a ?. b a ?? b",
		"1..40 0.. ..5mb ...x":          "1 .. 40 0 .. .. unit:5mb ... x",
		"1.5 1.x 1_000 500ms 7d 1gb":    "float:1.5 1 . x 1_000 unit:500ms unit:7d unit:1gb",
		"1__0 1_ 5x 1.5s 0x1 007 0 0.5": "bad:1__0!3 bad:1_!3 bad:5x!2 bad:1.5s!2 bad:0x1!2 bad:007!4 0 float:0.5",
		"-> => == != <= >= && || = < >": "-> => == != <= >= && || = < >",
		"& ; @ ~":                       "bad:&!1 bad:;!1 bad:@!1 bad:~!1",
		"größe Ω 'it' '":                "bad:größe!10 bad:Ω!10 bad:'it'!9 bad:'!9",
		`"a"`:                           `" text:a "$`,
		`""`:                            `" "$`,
		`"a\"b\{c"`:                     `" text:a\"b\{c "$`,
		`"a{b}c{d.e}"`:                  `" text:a { b } text:c { d . e } "$`,
		`"{ {a: 1} }"`:                  `" { { a : 1 } } "$`,
		`"\u{41}"`:                      `" text:\u{41} "$`,
		"\"open\nx":                     `" text:open $!5 x`,
		"\"open {a\nx":                  `" text:open  { a $!6 x`,
		`"a {"b"}"`:                     `" text:a  { "$!6 b " text:} "$`,
		`"http://x"`:                    `" text:http://x "$`,
		"\"\"\"\n a \"b\" {c}\n \"\"\"": `""" text:\n a "b"  { c } text:\n  """$`,
		"\"\"\"\n a\nb":                 `""" text:\n a $!5 b`,
		`"""{f("x")}"""`:                `""" { f ( bad:"x"!7 ) } """$`,
		"(/^[a-z]+$/) a / b":            `( pattern:/^[a-z]+$/ ) a / b`,
		`(1, /a\/b/)`:                   `( 1 , pattern:/a\/b/ )`,
		"(/open\nx":                     "( bad:/open!8 x",
		"(a / b)":                       "( a / b )",
		"a // b\nc":                     "a c",
		"\"{a\nrpc b() {}":              `" { a $!6 rpc b ( ) { }`,
	} {
		if got := shown(Scan(text)); got != want {
			t.Errorf("%q is\n%s, want\n%s", text, got, want)
		}
	}
}

func TestFlags(t *testing.T) {
	list := Scan("a b(c)\n  /// doc\n  d // x\nlet\n")
	want := []Flags{First | Column1, Spaced, 0, 0, 0, First | Spaced | Doc, First | Spaced | Column1 | Reserved, First | Spaced}
	for i, tok := range list.Tokens {
		if i < len(want)-1 && tok.Flags != want[i] {
			t.Errorf("%q has the flags %b, want %b", list.Of(tok), tok.Flags, want[i])
		}
	}
	if n := len(list.Comments); n != 2 || !list.Comments[0].Doc || list.Comments[1].Doc {
		t.Errorf("the comments are %v", list.Comments)
	}
	for text, doc := range map[string]bool{"/// a": true, "///": true, "//// a": false, "// a": false} {
		if got := Scan(text).Comments[0].Doc; got != doc {
			t.Errorf("%q is a doc comment: %v", text, got)
		}
	}
}

// covers reports whether the tokens and comments are in order, and leave out nothing but white space.
func covers(list *List) error {
	at, comment := 0, 0
	for i, tok := range list.Tokens {
		for comment < len(list.Comments) && list.Comments[comment].Span.Start < tok.Span.Start {
			c := list.Comments[comment].Span
			if strings.TrimSpace(list.Text[at:c.Start]) != "" {
				return fmt.Errorf("%q is left out", list.Text[at:c.Start])
			}
			at, comment = int(c.End), comment+1
		}
		if int(tok.Span.Start) < at || strings.TrimSpace(list.Text[at:tok.Span.Start]) != "" {
			return fmt.Errorf("token %d is at %d, behind %d", i, tok.Span.Start, at)
		}
		at = int(tok.Span.End)
	}
	if last := list.Tokens[len(list.Tokens)-1]; last.Kind != EOF || at != len(list.Text) && strings.TrimSpace(list.Text[at:]) != "" {
		return fmt.Errorf("the last token is %v, at %d of %d", last, at, len(list.Text))
	}
	return nil
}

func TestNothingIsLeftOut(t *testing.T) {
	parts := []string{"a", "rpc", " ", "\n", "\"", `"""`, "{", "}", "(", ")", "/", "//", "///", "\\", "1", ".", "..", "_",
		"5s", "ö", ",", "'", "\r", "\t"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(parts)).Draw(t, "parts"), "")
		if err := covers(Scan(text)); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}

func FuzzScan(f *testing.F) {
	f.Add("rpc a() { return \"x {y}\" } // c")
	f.Add("\"\"\"\n  {a}\nb")
	f.Fuzz(func(t *testing.T, text string) {
		if err := covers(Scan(text)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestParticiple(t *testing.T) {
	lex, err := Definition{}.Lex("a.live", strings.NewReader("rpc a(5)"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := lexer.ConsumeAll(lex)
	if err != nil {
		t.Fatal(err)
	}
	symbols := Definition{}.Symbols()
	for i, want := range []lexer.Token{
		{Type: symbols["Ident"], Value: "rpc"}, {Type: symbols["Ident"], Value: "a", Pos: lexer.Position{Offset: 4}},
		{Type: typeOf(LParen), Value: "(", Pos: lexer.Position{Offset: 5}},
		{Type: symbols["Int"], Value: "5", Pos: lexer.Position{Offset: 6}}, {Type: typeOf(RParen), Value: ")", Pos: lexer.Position{Offset: 7}},
		{Type: lexer.EOF, Pos: lexer.Position{Offset: 8}},
	} {
		if i >= len(got) || got[i] != want {
			t.Fatalf("token %d of %v is not %v", i, got, want)
		}
	}
}
