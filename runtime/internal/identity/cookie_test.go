package identity

import (
	"net/http"
	"net/url"
	"testing"
)

func TestCookieIn(t *testing.T) {
	for header, want := range map[string]string{
		`a=1`:                           "1",
		`b=2; a=1`:                      "1",
		`b=2;a=1`:                       "1",
		`b=2 ;	a = 1 ; c=3`:             "1",
		`prefs={"a":1,"b":"x y"}; a=1`:  "1",
		`prefs={"a":1}; a={"b":"c, d"}`: `{"b":"c, d"}`,
		`name=Zoë; a=1`:                 "1",
		`a=Zoë`:                         "Zoë",
		`flag; a=1`:                     "1",
		`=x; a=1`:                       "1",
		`; ;a=1`:                        "1",
		`b=; a=`:                        "",
		`a="1"`:                         "1",
		`a="`:                           `"`,
		`b="x; a=1; c=y"`:               "1", // a quote does not hide a semicolon
		`a=1; a=2`:                      "1",
		`a=b=c`:                         "b=c",
		`b=` + "\x01\xff" + `; a=1`:     "1",
		`a`:                             "-",
		`A=1`:                           "-",
		`aa=1; ba=2`:                    "-",
		``:                              "-",
	} {
		got, ok := cookieIn(header, "a")
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func TestCookieHeaders(t *testing.T) {
	c := NewCaller(&http.Request{Header: http.Header{"Cookie": {"a=1; b", "c=2"}, "X": {"y"}}, URL: &url.URL{}}, "", "")
	for name, want := range map[string]string{"a": "1", "c": "2"} {
		if got, ok := c.Cookie(name); !ok || got != want {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if got, ok := c.Cookie("b"); ok {
		t.Errorf("b: %q", got)
	}
}
