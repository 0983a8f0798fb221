package gomod

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/livec-lang/livec/internal/golden"
)

// TestUnneeded asks the go command which of the runtime's modules a server does not need on any system, with any build tags.
func TestUnneeded(t *testing.T) {
	t.Setenv(checkoutEnv, "")
	o, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	own, err := modfile.ParseLax("go.mod", []byte(read(t, filepath.Join(o.Dir, "go.mod"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	e := &edit{dir: dir, mod: new(modfile.File)}
	if err := e.mod.AddModuleStmt("example.com/app"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.requireRuntime(o); err != nil {
		t.Fatal(err)
	}
	args := []string{"mod", "why", "-m", "-vendor"}
	for _, r := range own.Require {
		e.mod.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
		args = append(args, r.Mod.Path)
	}
	e.mod.Go = own.Go
	e.sums = []byte(read(t, filepath.Join(o.Dir, "go.sum")))
	if err := e.save(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "app.go"), "package app\n\nimport (\n\t_ \""+Runtime+"/runtime\"\n\t_ \""+Runtime+"/runtime/livetest\"\n)\n")
	c := exec.Command("go", args...)
	c.Dir, c.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go mod why: %v", err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^# (\S+)\n\(main module does not need`).FindAllStringSubmatch(string(out), -1) {
		names = append(names, m[1]+"\n")
	}
	slices.Sort(names)
	golden.File(t, "unneeded.txt", []byte(strings.Join(names, "")))
}
