package compiler

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/livec-lang/livec/lang/source"
)

var pieces = regexp.MustCompile(`\s+|\w+|.`)

func corpus(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"../examples/*.live", "../testdata/cookbook/*.live", "../stdlib/*.live"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", pattern, paths, err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(data))
		}
	}
	return out
}

// TestRobust compiles apps with random mistakes: whatever is dropped, doubled or put elsewhere, there are diagnostics or a program, and
// never a panic.
func TestRobust(t *testing.T) {
	texts := corpus(t)
	rapid.Check(t, func(t *rapid.T) {
		tokens := pieces.FindAllString(rapid.SampledFrom(texts).Draw(t, "text"), -1)
		for range rapid.IntRange(1, 6).Draw(t, "mistakes") {
			i := rapid.IntRange(0, len(tokens)-1).Draw(t, "at")
			switch rapid.SampledFrom([]string{"drop", "double", "swap", "other"}).Draw(t, "how") {
			case "drop":
				tokens[i] = ""
			case "double":
				tokens[i] += " " + tokens[i]
			case "swap":
				j := rapid.IntRange(0, len(tokens)-1).Draw(t, "with")
				tokens[i], tokens[j] = tokens[j], tokens[i]
			case "other":
				tokens[i] = rapid.SampledFrom([]string{"null", "42", `"x"`, "ctx.user", "Message", ".id", "{", ")", "|", "if", "User?", "now()", "[]",
					"{}"}).Draw(t, "piece")
			}
		}
		text := strings.Join(tokens, "")
		p, list := Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: text}})
		if p == nil && !list.HasErrors() {
			t.Fatalf("no program and no errors:\n%s", text)
		}
	})
}
