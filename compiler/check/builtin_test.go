package check

import (
	"slices"
	"testing"

	"github.com/livec-lang/livec/relation/function"
)

// TestEveryBuiltinHasFacts holds the signatures of the built-in functions against the table of their facts.
func TestEveryBuiltinHasFacts(t *testing.T) {
	unsigned := []string{"next", "reveal", "toJson"} // forms of the language that are checked by themselves
	for name, f := range builtins {
		if !function.Known(name) {
			t.Errorf("package function has no facts about %s", name)
		}
		if none := function.Of(name).Carry == function.None; none != (len(f.params) == 0) {
			t.Errorf("%s has %d parameters, and the table says that it takes no data: %t", name, len(f.params), none)
		}
		if slices.Contains(unsigned, name) {
			t.Errorf("%s has a signature", name)
		}
	}
	for _, name := range function.Names() {
		if builtins[name] == nil && !slices.Contains(unsigned, name) {
			t.Errorf("%s has facts and no signature", name)
		}
	}
}
