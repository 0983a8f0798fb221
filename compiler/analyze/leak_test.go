package analyze_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/compiler/analyze"
	"github.com/livec-lang/livec/leak"
)

var tried = flag.Int("leak.tried", 5000, "how many random programs are looked through for some that one rule alone refuses")

// rules are the cases of the secrets analysis, by the names that analyze.Without takes. The list leaves out rules whose
// absence no program can show: ctx.user and the rows that writes return, whose secrets are marked by type alone; writes,
// loops, conversions and sums, which are reported where a secret decides whether they fail; and stages that only pass on
// their input.
func rules() []string {
	out := strings.Fields(`
		mark Local EnvRef CtxAdded FieldOf Index Wrap Unwrap ToFloat FromEnum Fit
		Unary Binary In Cond MatchExpr Interp RecordLit ListLit MapLit CallFn CallExtern Builtin QueryExpr ListPipe
		FilterStage SortStage JoinStage MapStage GroupStage ReduceStage FindStage If Match`)
	for _, list := range strings.Fields("filter sort limit map min max any all") {
		out = append(out, "list "+list)
	}
	for _, name := range strings.Fields(`string int float id length lower upper trim startsWith endsWith replace
		split join repeat padStart contains slice reverse unique concat last range keys values
		abs min max round floor ceil sqrt div year minute second millis duration toJson`) {
		out = append(out, "builtin "+name)
	}
	for _, name := range strings.Fields("result event signal entry error log key extern stored failure operation write access") {
		out = append(out, "sink "+name)
	}
	return out
}

// TestEachRule disables each rule in turn. It expects that the analysis then accepts some random program which leaks when it
// runs. A rule for which there is no such program is not tested, or not needed.
func TestEachRule(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles some ten thousand programs")
	}
	var refused []*leak.Program
	for i := range uint64(*tried) { //nolint:gosec // not negative
		p := leak.Random(7, i)
		if p.Leak == nil {
			continue
		}
		if o, _ := leak.Judge(compiler.Compile, p); o == leak.Refused {
			refused = append(refused, p)
		}
	}
	leaks := map[*leak.Program]bool{}
	missing := rules()
	last := map[string]*leak.Program{}
	looked := map[string]int{} // for each rule, how many of the rejected programs have been tried
	for round, n := range []int{2, 8, 20} {
		needs := map[string][]*leak.Program{}
		var fresh []*leak.Program
		for _, rule := range missing {
			restore := analyze.Without(rule)
			for looked[rule] < len(refused) && len(needs[rule]) < n {
				p := refused[looked[rule]]
				looked[rule]++
				if !mayNeed(rule, p.Text()) {
					continue
				}
				if o, _ := leak.Judge(compiler.Compile, p); o != leak.Accepted || leak.Emits(leak.Lenient, p) != nil {
					continue
				}
				last[rule] = p
				needs[rule] = append(needs[rule], p)
				if _, known := leaks[p]; !known {
					leaks[p] = false
					fresh = append(fresh, p)
				}
			}
			restore()
		}
		run(t, round, fresh, leaks)
		missing = slices.DeleteFunc(missing, func(rule string) bool {
			return slices.ContainsFunc(needs[rule], func(p *leak.Program) bool { return leaks[p] })
		})
		t.Logf("round %d: %d programs run, %d of %d rules are left", round+1, len(fresh), len(missing), len(rules()))
		if len(missing) == 0 {
			return
		}
	}
	for _, rule := range missing {
		if p := last[rule]; p != nil {
			t.Errorf("without the rule %q more is accepted, and nothing leaks: %s\n%s", rule, strings.Join(p.Leak, ", "), p.Text())
		} else {
			t.Errorf("without the rule %q, nothing more is accepted", rule)
		}
	}
}

// run runs programs and records which of them leak.
func run(t *testing.T, round int, programs []*leak.Program, leaks map[*leak.Program]bool) {
	t.Helper()
	if len(programs) == 0 {
		return
	}
	byName := map[string]*leak.Program{}
	for _, p := range programs {
		byName[p.Name] = p
	}
	for _, f := range leak.Run(t, fmt.Sprintf("rules%d", round), leak.Lenient, programs) {
		if p := byName[f.Module]; p != nil && f.What != "panic" {
			leaks[p] = true
		}
	}
}

// mayNeed guesses from the source of a program whether a rule may be what rejects it. This is faster than compiling.
func mayNeed(rule, text string) bool {
	switch kind, name, _ := strings.Cut(rule, " "); kind {
	case "list":
		return strings.Contains(text, "| "+name)
	case "builtin":
		return name == "toJson" || strings.Contains(text, name+"(")
	}
	return true
}
