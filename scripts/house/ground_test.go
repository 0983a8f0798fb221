package house

import (
	"go/ast"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestModules checks that go.mod and go.sum list what is used.
func TestModules(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "mod", "tidy", "-diff")
	cmd.Dir = root
	var diff, said strings.Builder
	cmd.Stdout, cmd.Stderr = &diff, &said
	err := cmd.Run()
	switch {
	case diff.Len() > 0:
		rule{
			what: "go.mod and go.sum list what is used, and nothing else",
			why:  "a module that nobody uses is still downloaded, and its mistakes are reported as ours",
			todo: "run go mod tidy, and write what is new into docs/dependencies.md",
		}.broken(t, "go.mod", "go mod tidy would change it:\n%s", &diff)
	case err != nil:
		t.Fatalf("go mod tidy -diff does not run: %v\n%s", err, &said)
	}
}

// marks are words that put work off. They are split here so that this file does not contain them.
var marks = regexp.MustCompile(`\b(` + "TO" + "DO|FIX" + "ME|XX" + `X)\b`)

// TestNothingIsPutOff looks for such marks.
func TestNothingIsPutOff(t *testing.T) {
	fails := rule{
		what: "no .fail files of property tests",
		why:  "rapid writes one when a property does not hold, and replays it forever, also where it has nothing to say any more",
		todo: "make the program right, keep the case as a test of its own if it is worth it, and delete the file",
	}
	later := rule{
		what: "no marks for later in files",
		why:  "nobody reads them; what is not done is an issue",
		todo: "do it, or open an issue and delete the mark",
	}
	for _, f := range all(t) {
		if strings.HasSuffix(f.path, ".fail") {
			fails.broken(t, f.path, "is left")
		}
		for i, line := range strings.Split(f.text, "\n") {
			if m := marks.FindString(line); m != "" && !strings.HasSuffix(f.path, "package-lock.json") {
				later.broken(t, f.path, "line %d has %s", i+1, m)
			}
		}
	}
}

// TestTestsDoNotSleep looks for tests that sleep, and for tests with their own flags to renew goldens.
func TestTestsDoNotSleep(t *testing.T) {
	sleep := rule{
		what: "a test does not sleep",
		why:  "a sleep is too short on a slow machine, and too long on every other",
		todo: "wait for the condition itself: a channel, a message of the server, WaitFor of livetest; or move the clock (runtime/clock)",
	}
	flag := rule{
		what: "no test has a flag -update of its own",
		why:  "go test gives a flag to all packages, and those that do not know it fail",
		todo: "compare with golden.File; go run ./scripts/goldens renews the files",
	}
	for _, f := range goFiles(t) {
		if !f.isTest() {
			continue
		}
		ast.Inspect(f.code, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch name := callee(call); {
			case name == "time.Sleep":
				sleep.broken(t, f.place(call.Pos()), "calls time.Sleep")
			case strings.HasPrefix(name, "flag.") && len(call.Args) > 0 && literal(call.Args[0]) == `"update"`:
				flag.broken(t, f.place(call.Pos()), "calls %s", name)
			}
			return true
		})
	}
}

// callee is the name of the function in a call, with its package or receiver.
func callee(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
	}
	return ""
}

func literal(x ast.Expr) string {
	if l, ok := x.(*ast.BasicLit); ok {
		return l.Value
	}
	return ""
}
