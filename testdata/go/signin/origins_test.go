package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/livec-lang/livec/generated/signin/app"
	live "github.com/livec-lang/livec/runtime"
)

// TestOrigins is S15: origins come from the source, from a setting of the app, and from options of the server.
func TestOrigins(t *testing.T) {
	env := start(t, func(o *live.Options) {
		o.LookupEnv = environment("JWT_KEY", jwtKey, "SITES", "https://one.example, HTTP://localhost:5173/")
		o.Origins = []string{"https://more.example"}
	})
	for origin, want := range map[string]string{
		"https://own.example": "null", "https://one.example": "null", "http://localhost:5173": "null", "https://more.example": "null",
		"https://evil.example": "FORBIDDEN", "http://one.example": "FORBIDDEN", "https://one.example:8443": "FORBIDDEN", "null": "FORBIDDEN",
	} {
		if got, _ := call(t, env, http.Header{"Origin": {origin}}, "board/me", `[]`); got != want {
			t.Errorf("a page of %s gets %s, want %s", origin, got, want)
		}
	}
	without := start(t)
	if got, _ := call(t, without, http.Header{"Origin": {"https://one.example"}}, "board/me", `[]`); got != "FORBIDDEN" {
		t.Errorf("without the setting, a page gets %s", got)
	}
	for sites, want := range map[string]string{
		"*":                                     `SITES: "*" would let in the pages of everybody`,
		"one.example":                           `SITES: the origin "one.example" has no scheme; write it as "https://one.example"`,
		"https://a.example,https://b.example/c": `SITES: the origin "https://b.example/c" has more than scheme, host and port`,
	} {
		_, err := live.New(app.NewRegistry(), live.Options{Store: nowhere{}, LookupEnv: environment("JWT_KEY", jwtKey, "SITES", sites)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", sites, err)
		}
	}
}
