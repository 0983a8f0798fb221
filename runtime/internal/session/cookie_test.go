package session

import (
	"testing"
)

func TestCookieName(t *testing.T) {
	for app, want := range map[string]string{
		"Chat": "live_Chat", "my-app_2": "live_my-app_2", "a b": "live_a.20b", "a.20b": "live_a.2e20b", "": "live_", "Zoë": "live_Zo.c3.ab",
	} {
		if got := cookieName(app); got != want {
			t.Errorf("%q: %s, want %s", app, got, want)
		}
	}
}
