package diag

import (
	"embed"
	"slices"
	"strings"
)

//go:embed explain/*.md
var pages embed.FS

// Explain returns the page of a code in Markdown: what it means, why it matters, a wrong and a right example.
func Explain(code Code) (page string, ok bool) {
	data, err := pages.ReadFile("explain/" + string(code) + ".md")
	return string(data), err == nil
}

// Title returns the meaning of a code in a few words; empty for an unknown code.
func Title(code Code) string {
	page, _ := Explain(code)
	line, _, _ := strings.Cut(page, "\n")
	_, title, _ := strings.Cut(line, ": ")
	return title
}

// Codes returns all codes, in order.
func Codes() []Code {
	entries, err := pages.ReadDir("explain")
	if err != nil {
		return nil // cannot happen: the pages are embedded
	}
	var codes []Code
	for _, e := range entries {
		codes = append(codes, Code(strings.TrimSuffix(e.Name(), ".md")))
	}
	slices.Sort(codes)
	return codes
}

// ExampleKind is what an example of a page shows.
type ExampleKind string

// The kinds of examples: one that has the mistake, and one that does not.
const (
	Wrong ExampleKind = "wrong"
	Right ExampleKind = "right"
)

// Example is one example of a page. Examples of one kind with a path are the files of one app.
type Example struct {
	Kind ExampleKind
	Path string // empty if the example is an app with one file
	Text string
}

// Examples returns the examples on the page of a code. They are between fences that begin with ```live wrong or ```live
// right, followed by a path if there are several files.
func Examples(code Code) []Example {
	page, _ := Explain(code)
	return examples(page)
}

func examples(page string) []Example {
	var out []Example
	for {
		_, rest, ok := strings.Cut(page, "\n```live ")
		if !ok && strings.HasPrefix(page, "```live ") {
			rest, ok = strings.TrimPrefix(page, "```live "), true
		}
		if !ok {
			return out
		}
		info, rest, _ := strings.Cut(rest, "\n")
		text, after, closed := strings.Cut(rest, "```")
		if !closed {
			return out
		}
		kind, path, _ := strings.Cut(strings.TrimSpace(info), " ")
		if k := ExampleKind(kind); k == Wrong || k == Right {
			out = append(out, Example{k, path, text})
		}
		page = after
	}
}
