package eval

import (
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// TestRelationalFunctions compares the functions that can run on rows with the table of facts.
func TestRelationalFunctions(t *testing.T) {
	lowered := map[string]bool{"sameText": true} // the planner lowers it to an equality
	can := map[string]bool{}
	for _, f := range Functions {
		name, _, _ := strings.Cut(f.Name, "_")
		can[name] = true
	}
	kinds := []relation.Kind{relation.Text, relation.Int, relation.Float, relation.Duration}
	for _, name := range function.Names() {
		for _, k := range kinds {
			if fn, err := Resolve(&relation.Func{Name: name, Args: []relation.Expr{&relation.Col{Kind: k}}}); fn == nil && err == nil {
				can[name] = true
			}
		}
		if want := function.Of(name).Relational; want != (can[name] || lowered[name]) {
			t.Errorf("%s: the table says relational %t", name, want)
		}
	}
	for name := range can {
		if !function.Known(name) {
			t.Errorf("%s is computed for rows, but is not a function of the language", name)
		}
	}
}

// TestInfallibleFunctions calls each function that never fails according to the table with extreme values of each kind.
func TestInfallibleFunctions(t *testing.T) {
	edges := []relation.Value{
		nil, int64(0), int64(1), int64(-1), int64(1<<53 - 1), int64(-(1<<53 - 1)), 0.0, -0.5, 1e300, -1e300, 5e-324,
		"", "é", strings.Repeat("é", 1000), "\x00", "[1", relation.JSON("{}"), []byte{255}, true,
	}
	fails := map[string]bool{}
	for _, f := range Functions {
		name, _, _ := strings.Cut(f.Name, "_")
		at := make([]int, f.Args)
		for done := false; !done; {
			args := make([]relation.Value, f.Args)
			for i := range args {
				args[i] = edges[at[i]]
			}
			if _, err := f.Call(args); err != nil {
				fails[name] = true
			}
			done = true
			for i := range at {
				if at[i]++; at[i] < len(edges) {
					done = false
					break
				}
				at[i] = 0
			}
		}
	}
	for _, name := range function.Names() {
		if f := function.Of(name); f.Relational && f.MayFail != fails[name] {
			t.Errorf("%s: the table says that it may fail: %t, and it does: %t", name, f.MayFail, fails[name])
		}
	}
}
