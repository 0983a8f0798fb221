package leak

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/livec-lang/livec/leak/play"
)

var (
	programs = flag.Int("leak.programs", 3000, "how many random programs are compiled")
	seed     = flag.Uint64("leak.seed", 1, "which programs")
	built    = flag.Int("leak.run", 240, "how many of those that the compiler accepts are run")
)

// together is how many modules make one app: one binary for each would take too long, and all in one too much memory.
const together = 240

// stats counts what became of programs.
type stats struct {
	fair, leaky [3]int // by outcome
	other       map[string]int
}

// TestSecrets makes random programs. Of each, the compiler refuses it, or nothing of a secret comes out when it runs, and nobody can tell two databases apart that differ in their secrets.
func TestSecrets(t *testing.T) {
	s := stats{other: map[string]int{}}
	var run []*program
	leaky, most := 0, *built
	for i := range uint64(*programs) { //nolint:gosec // not negative
		p := build(*seed, i)
		o, list := judge(whole, app, p.name, p.Text())
		if p.leaky == nil {
			s.fair[o]++
		} else {
			s.leaky[o]++
		}
		switch o {
		case broken:
			for _, d := range list {
				if !secretCodes[d.Code] {
					s.other[string(d.Code)+" "+d.Message]++
					break
				}
			}
		case accepted:
			if len(run) == most {
				break
			}
			if err := emits(p); err != nil {
				t.Errorf("seed %d, program %d is accepted, and has no Go: %.200s\n%s", *seed, i, err, p.Text())
				break
			}
			// Those that try to leak and are accepted come first: at most two of three.
			switch {
			case p.leaky != nil && leaky < most*2/3:
				leaky++
				run = append(run, p)
			case p.leaky == nil && len(run)-leaky < most-most*2/3:
				run = append(run, p)
			}
		}
	}
	t.Logf("programs that mean no harm: %d accepted, %d refused for a secret, %d for something else", s.fair[accepted], s.fair[refused], s.fair[broken])
	t.Logf("programs that try to leak: %d accepted, %d refused for a secret, %d for something else", s.leaky[accepted], s.leaky[refused], s.leaky[broken])
	for what, n := range s.other {
		t.Logf("refused for something else, %d times: %s", n, what)
	}
	for from := 0; from < len(run); from += together {
		part := run[from:min(from+together, len(run))]
		modules := map[string]string{"app": app}
		byName := map[string]*program{}
		for _, p := range part {
			modules[p.name] = p.Text()
			byName[p.name] = p
		}
		name := fmt.Sprintf("leak%d", from/together)
		exe := binary(t, whole, name, modules)
		told := map[string]bool{}
		for _, f := range perform(t, exe, script(part)) {
			if told[f.Module] {
				continue
			}
			told[f.Module] = true
			report(t, f, byName[f.Module])
		}
		for _, p := range part {
			if p.leaky != nil && !told[p.name] {
				t.Logf("accepted, tries to leak, and nothing came out: program %d (%s)", p.seed[1], strings.Join(p.leaky, ", "))
			}
		}
	}
}

func report(t *testing.T, f play.Finding, p *program) {
	t.Helper()
	if p == nil {
		t.Errorf("%s", f)
		return
	}
	t.Errorf("seed %d, program %d (%s)\n%s\n%s", p.seed[0], p.seed[1], strings.Join(p.leaky, ", "), f, p.Text())
}
