package value

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// TestPattern checks that Pattern matches as package regexp does.
func TestPattern(t *testing.T) {
	for expr, simple := range map[string]bool{
		"^[a-z0-9-]+$": true, "^[A-Z]*$": true, "^[a-c]{2,3}$": true, "^[0-9]{2}$": true, "^[ab]{2,}$": true, "^[a-z]?$": true, `^\d+$`: true,
		`^[a-z\n]+$`: true,
		"[a-z]+":     false, "^[^a]+$": false, "^[ä-ü]+$": false, "^a+b$": false, "(?i)^[a-z]+$": false, "^[a-z]+": false, "(?m)^[a-z]+$": false,
		"^([a-z]+)$": false, "^[a-z]+?$": true, "": false,
	} {
		p, full := MustPattern(expr), regexp.MustCompile(expr)
		if (p.full == nil) != simple {
			t.Errorf("%s: matched without regexp: %t", expr, p.full == nil)
		}
		rapid.Check(t, func(t *rapid.T) {
			s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-dA-D0-2ä\n-]{0,4}`)).Draw(t, "s")
			if got, want := p.MatchString(s), full.MatchString(s); got != want {
				t.Fatalf("%s: %q matches: %t, want %t", expr, s, got, want)
			}
		})
	}
}
