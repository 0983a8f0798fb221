package leak

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/leak/play"
)

var (
	programs = flag.Int("leak.programs", 3000, "how many random programs are compiled")
	seed     = flag.Uint64("leak.seed", 1, "which programs")
	built    = flag.Int("leak.run", 150, "how many of those that the compiler accepts are run")
)

// together is the number of modules in one app: one binary for each would take too long, and one for all too much memory.
const together = 150

// TestSecrets makes random programs. Either the compiler refuses a program, or its output contains no secret, and does not differ between
// two databases that differ only in their secrets.
func TestSecrets(t *testing.T) {
	var counts [2][3]int // of harmless programs, and of those that try to leak, by outcome
	other := map[string]int{}
	var chosen [2][]*Program
	for i := range uint64(*programs) { //nolint:gosec // not negative
		p := Random(*seed, i)
		leaky := 0
		if p.Leak != nil {
			leaky = 1
		}
		o, why := Judge(compiler.Compile, p)
		counts[leaky][o]++
		if o == Broken {
			other[why]++
		}
		if o != Accepted || len(chosen[leaky]) == *built {
			continue
		}
		if err := Emits(compiler.Compile, p); err != nil {
			t.Errorf("%s is accepted, and has no Go: %.300s\n%s", described(p), err, p.Text())
			continue
		}
		chosen[leaky] = append(chosen[leaky], p)
	}
	t.Logf(
		"programs that mean no harm: %d accepted, %d refused for a secret, %d for something else", counts[0][Accepted], counts[0][Refused],
		counts[0][Broken],
	)
	t.Logf(
		"programs that try to leak: %d accepted, %d refused for a secret, %d for something else", counts[1][Accepted], counts[1][Refused],
		counts[1][Broken],
	)
	for why, n := range other {
		t.Logf("refused for something else, %d times: %s", n, why)
	}
	if all := counts[0][Accepted] + counts[0][Refused]; counts[0][Refused]*20 > all {
		t.Errorf("of %d programs that mean no harm, %d are refused", all, counts[0][Refused])
	}
	if bad := counts[0][Broken] + counts[1][Broken]; bad*50 > *programs {
		t.Errorf("of %d programs, %d are wrong for another reason than a secret: they test nothing", *programs, bad)
	}
	// The programs that try to leak and are accepted are the most likely to leak.
	leaky := chosen[1][:min(len(chosen[1]), *built*2/3)]
	all := append(leaky, chosen[0][:min(len(chosen[0]), *built-len(leaky))]...)
	for from := 0; from < len(all); from += together {
		part := all[from:min(from+together, len(all))]
		found := Run(t, fmt.Sprintf("leak%d", from/together), compiler.Compile, part)
		report(t, shrunk(t, part, found), found)
		silent(t, part, found)
	}
}

// described names a program by what is needed to make it again.
func described(p *Program) string {
	return fmt.Sprintf("-leak.seed=%d, program %d (%s)", p.Seed[0], p.Seed[1], strings.Join(p.Leak, ", "))
}

// report fails the test for the first finding of each program.
func report(t *testing.T, programs []*Program, found []play.Finding) {
	t.Helper()
	byName := map[string]*Program{}
	for _, p := range programs {
		byName[p.Name] = p
	}
	reported := map[string]bool{}
	for _, f := range found {
		if reported[f.Module] && f.Module != "" {
			continue
		}
		reported[f.Module] = true
		if p := byName[f.Module]; p != nil {
			t.Errorf("%s\n%s\n%s", described(p), f, p.Text())
		} else {
			t.Errorf("%s", f)
		}
	}
}

// most is the number of programs that are shrunk: one is enough to see what is wrong.
const most = 20

// shrunk returns the programs, each of those with findings replaced by its smallest part that has one too.
func shrunk(t *testing.T, programs []*Program, found []play.Finding) []*Program {
	t.Helper()
	out := slices.Clone(programs)
	parts := map[string]int{} // the program that it is a part of
	var all []*Program
	for i, p := range programs {
		if len(parts) > most*10 || !slices.ContainsFunc(found, func(f play.Finding) bool { return f.Module == p.Name }) {
			continue
		}
		for _, q := range p.Smaller() {
			if o, _ := Judge(compiler.Compile, q); o == Accepted && Emits(compiler.Compile, q) == nil {
				parts[q.Name] = i
				all = append(all, q)
			}
		}
	}
	if len(all) == 0 {
		return out
	}
	fails := map[string]bool{}
	for _, f := range Run(t, "shrunk", compiler.Compile, all) {
		fails[f.Module] = true
	}
	for _, q := range all {
		if i := parts[q.Name]; fails[q.Name] && len(q.Text()) < len(out[i].Text()) {
			small := *q
			small.Name = programs[i].Name
			out[i] = &small
		}
	}
	return out
}

// silent lists the programs that try to leak, were accepted, and leaked nothing: the compiler has understood that they are harmless, or the
// test does not see the leak.
func silent(t *testing.T, programs []*Program, found []play.Finding) {
	t.Helper()
	reported := map[string]bool{}
	for _, f := range found {
		reported[f.Module] = true
	}
	for _, p := range programs {
		if p.Leak != nil && !reported[p.Name] {
			t.Logf("accepted, and nothing came out: %s", described(p))
		}
	}
}
