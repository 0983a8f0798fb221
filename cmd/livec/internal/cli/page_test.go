package cli

import (
	"testing"

	"github.com/livec-lang/livec/lang/diag"
)

func TestPage(t *testing.T) {
	const text = "# LIVE0001: a title\n\nSome words that do not fit.\n\n## Wrong\n\n```live wrong\ntype A {\n\n}\n```\n"
	for name, c := range map[string]struct {
		options diag.RenderOptions
		want    string
	}{
		"elsewhere": {diag.RenderOptions{}, text},
		"narrow":    {diag.RenderOptions{Width: 14}, "LIVE0001: a title\n\nSome words\nthat do not\nfit.\n\nWrong\n\n    type A {\n\n    }"},
		"colour": {diag.RenderOptions{Color: true}, "\x1b[1mLIVE0001: a title\x1b[0m\n\nSome words that do not fit.\n\n" +
			"\x1b[1mWrong\x1b[0m\n\n    type A {\n\n    }"},
	} {
		if got := page(text, c.options); got != c.want {
			t.Errorf("%s: got\n%q, want\n%q", name, got, c.want)
		}
	}
}
