package runtime

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
	c := newCaller(&http.Request{Header: http.Header{"Cookie": {"a=1; b", "c=2"}, "X": {"y"}}, URL: &url.URL{}}, "", "")
	for name, want := range map[string]string{"a": "1", "c": "2"} {
		if got, ok := c.cookie(name); !ok || got != want {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if got, ok := c.cookie("b"); ok {
		t.Errorf("b: %q", got)
	}
}

func TestCookieName(t *testing.T) {
	for app, want := range map[string]string{
		"Chat": "live_Chat", "my-app_2": "live_my-app_2", "a b": "live_a.20b", "a.20b": "live_a.2e20b", "": "live_", "Zoë": "live_Zo.c3.ab",
	} {
		if got := cookieName(app); got != want {
			t.Errorf("%q: %s, want %s", app, got, want)
		}
	}
}
