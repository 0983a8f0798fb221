package stdlib

import "testing"

func TestDeclares(t *testing.T) {
	for name, want := range map[string]string{"signedIn": "std/access", "Account": "std/auth", "slug": "std/text", "isPast": "std/time",
		"average": "std/list", "nothing": ""} {
		if got, ok := Declares(name); got != want || ok != (want != "") {
			t.Errorf("%s is declared by %q, %v", name, got, ok)
		}
	}
}
