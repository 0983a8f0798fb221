package main

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// TestDecodeOrder: what the decoder accepts, the schema accepts, with the same values. The dispatch that is measured rests on it.
func TestDecodeOrder(t *testing.T) {
	base, err := newNaive()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := decodeOrder([]byte(orderArgs)); !ok {
		t.Fatal("the arguments that are measured are not accepted")
	}
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{`"abc"`, `""`, `"a b"`, `"é"`, `"\n"`, `12`, `0`, `01`, `101`, `1.5`, `1e2`, `.5`, `5.`, `-1`, `100001`, `"small"`, `"huge"`, `null`, `[]`, `"medium" `, `1_0`, `0x1p4`}),
		rapid.Map(rapid.StringMatching(`[ -~]{0,45}`), func(s string) string { return `"` + s + `"` }),
		rapid.StringMatching(`[0-9.eE+_-]{1,8}`))
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		parts := []string{`"abc"`, `"note"`, `12`, `8.25`, `"large"`}
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			parts[rapid.IntRange(0, 4).Draw(t, "at")] = piece.Draw(t, "piece")
		}
		text := "["
		for i, p := range parts {
			if i > 0 {
				text += ","
			}
			text += p
		}
		text += rapid.SampledFrom([]string{"]", "]", "]", "", ",1]", "] "}).Draw(t, "end")
		fast, ok := decodeOrder([]byte(text))
		if !ok {
			return
		}
		accepted++
		total, err := base.order(json.RawMessage(text))
		if err != nil {
			t.Fatalf("the decoder accepts %s, the schema says %v", text, err)
		}
		slow, err := parseOrder([]byte(text))
		if err != nil || fast != slow || total != fast.total() {
			t.Fatalf("%s: decoded as %+v and as %+v (%v)", text, fast, slow, err)
		}
	})
	if accepted == 0 {
		t.Error("nothing was accepted")
	}
}
