package cli

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/livec-lang/livec/cmd/livec/internal/gomod"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"livec": func() { os.Exit(Main(testTools(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// goEnv is what the go command needs to find its caches. Once they hold the runtime, generated code builds without the network.
func goEnv(t testing.TB) []string {
	t.Helper()
	if out, err := exec.Command("go", "list", "-deps", gomod.Runtime+"/runtime").CombinedOutput(); err != nil {
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
	testscript.Run(t, testscript.Params{
		Dir: "../../../../testdata/cli",
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
	})
}

// keepsTime runs a command and checks that the files named before -- are not written by it: keepsTime FILE… -- COMMAND ARG….
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

// takePort listens on a port until the script ends, and tells where in $TAKEN.
func takePort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() }) // nobody writes to it
	ts.Setenv("TAKEN", l.Addr().String())
}

func TestInternalError(t *testing.T) {
	name := filepath.Join(t.TempDir(), "chat.live")
	if err := os.WriteFile(name, []byte("// crash\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	code := Main(testTools(), []string{"check", name}, nil, &out, &errOut)
	if code != 3 || !strings.HasPrefix(errOut.String(), "livec: internal error: the checker has lost its mind\n") || strings.Contains(errOut.String(), "goroutine") {
		t.Errorf("code %d, %q", code, errOut.String())
	}
}

// TestRun runs a server through livec: it answers, and ends in good order when livec is told to.
func TestRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM to send")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chat.live"), []byte("rpc ping() -> string public { return \"pong\" }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := exec.CommandContext(ctx, exe)
	c.Args = []string{"livec", "run", "chat.live", "--addr", "127.0.0.1:0"}
	c.Dir = dir
	c.Env = append(append(os.Environ(), goEnv(t)...), "XDG_CACHE_HOME="+filepath.Join(dir, ".cache"), "LIVE_ENV=", "DATABASE_URL=")
	var errOut bytes.Buffer
	c.Stderr = &errOut
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the server says nothing: %v, %s", c.Wait(), errOut.String())
	}
	_, rest, ok := strings.Cut(lines.Text(), "listening on ")
	address, _, _ := strings.Cut(rest, " ")
	if !ok || !strings.Contains(rest, "chat.db") {
		t.Errorf("the server says %q", lines.Text())
	}
	resp, err := http.Get(address + "/healthz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("health: %v, %v", resp, err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // until it is gone
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the server ends with %v: %s", err, errOut.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "chat.db")); err != nil {
		t.Errorf("the database is not beside the app: %v", err)
	}
}
