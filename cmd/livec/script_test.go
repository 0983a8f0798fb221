package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/livec-lang/livec/internal/golden"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"livec": main})
}

// goEnv is the environment with which the go command finds its caches. Once they have the modules of the runtime, generated code builds
// without the network.
func goEnv(t testing.TB) []string {
	t.Helper()
	if out, err := exec.Command("go", "mod", "download").CombinedOutput(); err != nil { // of all systems
		t.Fatalf("the modules of the runtime: %v\n%s", err, out)
	}
	env := []string{"GOPROXY=off", "GOFLAGS=-buildvcs=false"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(out)))
	}
	return env
}

func TestScripts(t *testing.T) {
	env := goEnv(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log("if the differences are meant, renew the scripts: " + golden.Command(t))
		}
	})
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/cli",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, env...)
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			e.Setenv("HOME", filepath.Join(e.WorkDir, ".home"))
			return nil
		},
		Condition: func(name string) (bool, error) {
			return name == "root" && os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"keepsTime": keepsTime,
			"takePort":  takePort,
		},
		RequireExplicitExec: true,
		UpdateScripts:       golden.Updating(),
	})
}

// keepsTime runs a command and checks that it does not write the files named before --: keepsTime FILE… -- COMMAND ARG….
func keepsTime(ts *testscript.TestScript, _ bool, args []string) {
	split := 0
	for args[split] != "--" {
		split++
	}
	past := func(name string) os.FileInfo {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		return info
	}
	before := map[string]os.FileInfo{}
	for _, name := range args[:split] {
		old := past(name).ModTime().Add(-1e9)
		ts.Check(os.Chtimes(ts.MkAbs(name), old, old))
		before[name] = past(name)
	}
	ts.Check(ts.Exec(args[split+1], args[split+2:]...))
	for name, info := range before {
		if now := past(name); !os.SameFile(info, now) || !now.ModTime().Equal(info.ModTime()) {
			ts.Fatalf("%s was written", name)
		}
	}
}

// takePort listens on a port until the script ends, and sets $TAKEN to its address.
func takePort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() }) // nothing was written to it
	ts.Setenv("TAKEN", l.Addr().String())
}
