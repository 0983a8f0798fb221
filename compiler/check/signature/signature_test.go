package signature

import (
	"slices"
	"testing"

	"github.com/livec-lang/livec/relation/function"
)

// TestEveryBuiltinHasFacts compares the functions that have signatures with those that have facts.
func TestEveryBuiltinHasFacts(t *testing.T) {
	unsigned := []string{"next", "reveal", "toJson"} // forms of the language with checks of their own
	for name, f := range Of {
		if !function.Known(name) {
			t.Errorf("package function has no facts about %s", name)
		}
		if none := function.Of(name).Carry == function.None; none != (len(f.Params) == 0) {
			t.Errorf("%s has %d parameters, and the table says that it takes no data: %t", name, len(f.Params), none)
		}
		if slices.Contains(unsigned, name) {
			t.Errorf("%s has a signature", name)
		}
	}
	for _, name := range function.Names() {
		if Of[name] == nil && !slices.Contains(unsigned, name) {
			t.Errorf("%s has facts and no signature", name)
		}
	}
}
