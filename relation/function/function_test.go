package function_test

import (
	"testing"

	"github.com/livec-lang/livec/relation/function"
)

// TestUnknown expects the worst of everything for a function that is not in the table.
func TestUnknown(t *testing.T) {
	want := function.Fact{MayFail: true, Request: true, Session: true, Writes: true, Carry: function.Carries}
	if got := function.Of("no such function"); got != want {
		t.Errorf("got %+v", got)
	}
	if function.Known("no such function") {
		t.Error("it is known")
	}
}

// TestFactsAgree expects the facts of each function to be consistent.
func TestFactsAgree(t *testing.T) {
	for _, name := range function.Names() {
		f := function.Of(name)
		for what, wrong := range map[string]bool{
			"is pure and not stable":           f.Pure && !f.Stable,
			"is pure and writes":               f.Pure && f.Writes,
			"is pure and reads the request":    f.Pure && f.Request,
			"writes and is stable":             f.Writes && f.Stable,
			"uses the session and not request": f.Session && !f.Request,
			"runs on rows and is not pure":     f.Relational && !f.Pure,
			"carries no data and is pure":      f.Carry == function.None && f.Pure,
			"has a key and is not keyed":       f.Key != 0 && f.Carry != function.Keyed,
			"has no bound for its result":      f.Size == function.Unbounded,
			"is too large and does not fail":   f.Size == function.Made && !f.MayFail,
			"checks and is not a known check":  f.Carry == function.Checks && name != "sameText" && name != "checkPassword",
			"reveals, which only reveal does":  (f.Carry == function.Reveals) != (name == "reveal"),
		} {
			if wrong {
				t.Errorf("%s %s", name, what)
			}
		}
	}
}
