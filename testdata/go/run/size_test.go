package app

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestSizes asks for texts, lists and json that are too large. The client gets an error that says so, and nothing of it is made.
func TestSizes(t *testing.T) {
	c := start(t).Connect(nil)
	args := func(xs ...any) string {
		text, err := json.Marshal(xs)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	text, by := strings.Repeat("a", 10_000), strings.Repeat("b", 10_000)
	run(t, c, []step{
		{"size/replaced", args("a-a", "a", "bb"), `5`},
		{"size/replaced", args(text, "a", by), `RESULT_TOO_LARGE`},
		{"size/repeated", args(text, 104), `1040000`},
		{"size/repeated", args(text, 105), `RESULT_TOO_LARGE`},
		{"size/twice", args("ab", 4), `32`},
		{"size/twice", args("ab", 60), `RESULT_TOO_LARGE`},
		{"size/lines", args("ab", 1), `6`},
		{"size/lines", args(text, 12), `RESULT_TOO_LARGE`},
		{"size/lines", args("a", 60), `RESULT_TOO_LARGE`},
		{"size/tree", args(2), `[["leaf","leaf"],["leaf","leaf"]]`},
		{"size/tree", args(60), `RESULT_TOO_LARGE`},
		{"size/keep", args(text), `null`},
		{"size/found", args(text, "b", by), `1`},
		{"size/found", args(text, "a", by), `RESULT_TOO_LARGE`},
		{"size/mapped", args(text, "a", "bb"), `TIMEOUT`},
	})
	if got := c.Subscribe("size/sizes", text, "a", by).Err(); got == nil || !strings.Contains(got.Error(), "RESULT_TOO_LARGE") {
		t.Errorf("the stream gives %v", got)
	}
}
