package emitgo_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/livec-lang/livec/emit"
)

// callerTerms are expressions whose values depend on the caller or on stored data. body is for derived streams, free is for functions and
// live queries; "" if the expression is not allowed there. The test next to the app knows the value of each.
var callerTerms = []struct{ name, body, free string }{
	{"name", `ctx.user?.name ?? "-"`, `ctx.user?.name ?? "-"`},
	{"tag", `ctx.tag ?? "-"`, `cookie("tag") ?? "-"`},
	{"head", `ctx.head ?? "-"`, `header("x-head") ?? "-"`},
	{"asked", `ctx.asked ?? "-"`, `query("asked") ?? "-"`},
	{"token", `ctx.token ?? "-"`, `bearer() ?? "-"`},
	{"label", `ctx.label`, ``},
	{"entries", `string(Diary | count())`, `string(Diary | count())`},
	{"badges", `string(Badge | count())`, `string(Badge | count())`},
	{"hidden", `string(Tagged | count())`, ``}, // its policy reads the request
	{"ip", `ctx.ip`, `ctx.ip`},
	{"nothing", `"x"`, `"x"`},
}

// dice writes random streams, each of which reads some of these expressions in some way. The result is a module for the
// app in testdata/go/run, and a Go table for the test next to it that lists what each stream reads.
func dice(seed uint64, n int) []emit.File {
	r := rand.New(rand.NewPCG(seed, 0))
	var live, table strings.Builder
	live.WriteString("use kitchen { User }\nuse who { Badge, Diary, Tagged, badged }\n\nfn same(text: string) -> string = text\n")
	table.WriteString("package app\n\nvar diced = []dicedStream{\n")
	fns := 0
	// through wraps an expression in a random construct. free allows constructs that put it into a function.
	through := func(text string, free bool) (lets, out string) {
		fns++
		at := strconv.Itoa(fns)
		switch r.IntN(6) {
		case 0:
			return "", "same(" + text + ")"
		case 1:
			return "", "if length(" + text + ") > 1000 then \"\" else " + text
		case 2:
			return "  let x" + at + " = " + text + "\n", "\"{x" + at + "}\""
		case 3:
			return "  let all" + at + " = [" + text + "]\n  let x" + at + " = all" + at + " | filter true\n", "x" + at + "[0]"
		case 4:
			if free {
				fmt.Fprintf(&live, "\nfn f%s() -> string = %s\n", at, text)
				fmt.Fprintf(&live, "\nfn g%s(n: int) -> string = if n > 0 then g%s(n - 1) else f%s()\n", at, at, at)
				return "", "g" + at + "(2)"
			}
		}
		return "", text
	}
	for i := range n {
		name := "s" + strconv.Itoa(i)
		if i%3 == 2 { // live
			term := callerTerms[r.IntN(len(callerTerms))]
			if term.free == "" {
				term = callerTerms[0]
			}
			text := term.free
			if r.IntN(2) == 0 {
				fmt.Fprintf(&live, "\nfn h%d() -> string = %s\n", i, text)
				text = fmt.Sprintf("h%d()", i)
			}
			fmt.Fprintf(&live, "\nstream %s guard badged = Tagged | filter .tag == (%s) | sort .text | map .text\n", name, text)
			fmt.Fprintf(&table, "\t{%q, true, []string{%q}},\n", "dice/"+name, term.name)
			continue
		}
		var body, names, values strings.Builder
		for range 1 + r.IntN(4) {
			term := callerTerms[r.IntN(len(callerTerms))]
			if term.name == "hidden" { // a derived stream cannot read it
				continue
			}
			free := term.free == term.body
			lets, text := through(term.body, free)
			body.WriteString(lets)
			fmt.Fprintf(&names, "%q,", term.name)
			values.WriteString(text + ", ")
		}
		shown := strings.TrimSuffix(values.String(), ", ")
		fmt.Fprintf(&live, "\nstream %s -> [string] guard badged {\n%s  return [%s]\n}\n", name, body.String(), shown)
		fmt.Fprintf(&table, "\t{%q, false, []string{%s}},\n", "dice/"+name, names.String())
	}
	table.WriteString("}\n")
	return []emit.File{{Path: "dice.live", Data: []byte(live.String())}, {Path: "app/diced_test.go", Data: []byte(table.String())}}
}

// diceSeed returns the seed of the random streams: LIVEC_SEED, or else 1.
func diceSeed(t *testing.T) uint64 {
	t.Helper()
	text, ok := os.LookupEnv("LIVEC_SEED")
	if !ok {
		return 1
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}
