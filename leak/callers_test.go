package leak

import (
	"cmp"
	"flag"
	"testing"

	"github.com/livec-lang/livec/compiler"
)

var callersBuilt = flag.Int("leak.callers", 80, "how many random streams that read their caller are run")

// TestCallers makes random streams that read the caller in every way. Either the compiler refuses such a stream, or each of three callers,
// in any order, gets the answers that it gets alone.
func TestCallers(t *testing.T) {
	var chosen []*Program
	n := map[Outcome]int{}
	refusals := map[string]int{}
	for i := uint64(0); len(chosen) < *callersBuilt && i < uint64(*programs); i++ { //nolint:gosec // not negative
		p := RandomCaller(*seed, i)
		o, why := Judge(compiler.Compile, p)
		n[o]++
		if o != Accepted {
			refusals[cmp.Or(why, "for the caller's sake")]++
			continue
		}
		if err := Emits(compiler.Compile, p); err != nil {
			t.Errorf("%s is accepted, and has no Go: %.300s\n%s", described(p), err, p.Text())
			continue
		}
		chosen = append(chosen, p)
	}
	t.Logf("%d accepted, %d refused", n[Accepted], n[Refused]+n[Broken])
	for why, n := range refusals {
		t.Logf("refused, %d times: %s", n, why)
	}
	if n[Accepted]*10 < n[Refused]+n[Broken] {
		t.Error("nearly all are refused, so little is tested")
	}
	script := scriptOf(chosen)
	script.Callers = true
	report(t, chosen, run(t, "callers", compiler.Compile, chosen, script))
}
