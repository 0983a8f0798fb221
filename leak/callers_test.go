package leak

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/leak/play"
)

var callersBuilt = flag.Int("leak.callers", 80, "how many random streams that read their caller are run")

// TestCallers makes random streams over all that a caller is. Of each, the compiler refuses it, or three callers who ask for it in any order are each answered what they are answered alone.
func TestCallers(t *testing.T) {
	modules := map[string]string{"app": app}
	byName := map[string]*program{}
	s := script(nil)
	s.Callers = true
	n := map[outcome]int{}
	refusals := map[string]int{}
	for i := uint64(0); len(s.Modules) < *callersBuilt && i < uint64(*programs); i++ { //nolint:gosec // not negative
		p, presence := buildCaller(*seed, i)
		o, list := judge(whole, app, p.name, p.Text())
		if o != accepted {
			for _, d := range list {
				if d.Severity != diag.Error {
					continue
				}
				refusals[string(d.Code)+" "+d.Message]++
				break
			}
			n[o]++
			continue
		}
		if err := emits(p); err != nil {
			t.Errorf("seed %d, program %d is accepted, and has no Go: %.200s\n%s", *seed, i, err, p.Text())
			continue
		}
		n[accepted]++
		modules[p.name] = p.Text()
		byName[p.name] = p
		s.Modules = append(s.Modules, play.Module{Name: p.name, Steps: p.rows, Presence: presence, Policy: slices.Contains(p.leaky, "read if")})
	}
	t.Logf("%d accepted, %d refused", n[accepted], n[refused]+n[broken])
	for what, n := range refusals {
		t.Logf("refused, %d times: %s", n, what)
	}
	told := map[string]bool{}
	for _, f := range perform(t, binary(t, whole, "callers", modules), s) {
		if told[f.Module] {
			continue
		}
		told[f.Module] = true
		p := byName[f.Module]
		t.Errorf("seed %d, program %d (%s)\n%s\n%s", p.seed[0], p.seed[1], strings.Join(p.leaky, ", "), f, p.Text())
	}
}
