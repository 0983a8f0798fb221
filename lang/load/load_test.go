package load

import (
	"slices"
	"testing"
)

func TestUses(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"use rooms/lobby { Lobby, join }\nuse std/access { role }\n", []string{"rooms/lobby", "std/access"}},
		{"// use a { b }\n  use c { d }\nuser { e }\n", nil},
		{"use a{ b }\r\nuse c\r\n", []string{"a", "c"}},
		{"use /etc/passwd { x }\nuse ../a { x }\nuse a/ { x }\n", []string{"a"}},
	}
	for _, test := range tests {
		if got := Uses(test.text); !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{"chat": true, "Chat_2": true, "": false, "2chat": false, "_a": false, "my-app": false,
		"a.b": false, "é": false, "a b": false} {
		if isName(name) != want {
			t.Errorf("isName(%q) is %v", name, !want)
		}
	}
}
