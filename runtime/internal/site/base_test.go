package site

import (
	"strings"
	"testing"
)

func TestParseBase(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "/": "", "/app": "/app", "/app/": "/app", "/a.b/c-d_~1": "/a.b/c-d_~1", "/.well/x": "/.well/x",
	} {
		if got, err := ParseBase(text); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"app": "does not start with /", "https://x.example/app": "path alone", "/app?x=1": "query", "/app#x": "fragment", "/a/../b": "..",
		"/..": "..", "/.": ".", "/a//b": "empty segment", "/a b": "other characters", "/{x}": "other characters",
		"/a%2fb": "other characters",
		"/a;b":   "other characters", "/_live/": "_live", "?": "does not start",
	} {
		got, err := ParseBase(text)
		if err == nil || got != "" || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "such as /app") {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}
