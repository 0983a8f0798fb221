package emitts

import (
	"strings"
	"testing"
)

func TestRender(t *testing.T) {
	items := func(n int) []doc {
		var docs []doc
		for range n {
			docs = append(docs, text("argument"))
		}
		return docs
	}
	for _, c := range []struct {
		name string
		d    doc
		want string
	}{
		{"empty", enclosed("(", soft, nil, ")"), "()"},
		{"fits", enclosed("{", space, items(2), "}"), "{ argument, argument }"},
		{"broken", enclosed("(", soft, items(20), ")"), "(\n" + strings.Repeat("  argument,\n", 20) + ")"},
		{"no comma before an angle bracket", enclosed("<", soft, items(20), ">"), "<\n" + strings.Repeat("  argument,\n", 19) + "  argument\n>"},
		{"inner groups stay whole", enclosed("[", soft, []doc{enclosed("(", soft, items(13), ")"), text("xxxxxxxxxx")}, "]"), "[\n  (" +
			strings.TrimSuffix(strings.Repeat("argument, ", 13), ", ") + "),\n  xxxxxxxxxx,\n]"},
		{"what follows counts", concat(enclosed("(", soft, items(13), ")"), text(strings.Repeat("x", 20))), "(\n" +
			strings.Repeat("  argument,\n", 13) + ")" + strings.Repeat("x", 20)},
		{"what follows may break itself", concat(enclosed("(", soft, items(1), ")"), enclosed("(", soft, items(20), ")")), "(argument)(\n" +
			strings.Repeat("  argument,\n", 20) + ")"},
	} {
		if got := render(c.d); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"a": `'a'`, `it's "a" \`: `'it\'s "a" \\'`, "\n\r\t\x00\x1f\x7f": `'\n\r\t\x00\x1f\x7f'`, "\u2028ü😀": `'\u2028ü😀'`,
	} {
		if got := quote(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"card": "card", "a1_B": "a1_B", "1a": "'1a'", "in-use": "'in-use'",
		"": "['']", "__proto__": "['__proto__']", "ü": "'ü'", "[": "'['"} {
		if got := property(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
