package weborigin

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"https://app.example":        "https://app.example",
		"HTTPS://App.Example/":       "https://app.example",
		"https://app.example:443":    "https://app.example",
		"http://app.example:80":      "http://app.example",
		"http://app.example:443":     "http://app.example:443",
		"http://localhost:5173":      "http://localhost:5173",
		"http://[::1]:5173":          "http://[::1]:5173",
		"capacitor://localhost":      "capacitor://localhost",
		"https://xn--bcher-kva.test": "https://xn--bcher-kva.test",
	} {
		if got, err := Parse(text); got != want || err != nil {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":                         "is not an origin",
		"*":                        "everybody",
		"null":                     "is not an origin",
		"https://":                 "is not an origin",
		"://app.example":           "is not an origin",
		"https://:80":              "is not an origin",
		"https://*.example":        "is not an origin",
		"https://a.b, https://c.d": "is not an origin",
		"https://a b":              "is not an origin",
		"app.example":              `write it as "https://app.example"`,
		"localhost:5173":           `write it as "https://localhost:5173"`,
		"https://app.example/chat": `write it as "https://app.example"`,
		"https://app.example?a":    `write it as "https://app.example"`,
		"https://app.example/#a":   `write it as "https://app.example"`,
		"https://me@app.example":   `write it as "https://app.example"`,
		"https://bücher.example":   "xn--",
	} {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q %v, want an error with %q", text, got, err, want)
		}
	}
}

func TestList(t *testing.T) {
	got, err := List(" https://a.example,http://b.example:80 ,, ")
	if err != nil || !slices.Equal(got, []string{"https://a.example", "http://b.example"}) {
		t.Errorf("%q %v", got, err)
	}
	if got, err := List(""); err != nil || got != nil {
		t.Errorf("%q %v", got, err)
	}
	if _, err := List("https://a.example,b.example"); err == nil || !strings.Contains(err.Error(), `"b.example"`) {
		t.Error(err)
	}
}
