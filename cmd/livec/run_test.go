package main

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// server is an app that livec runs.
type server struct {
	address string // http://host:port
	line    string // the line that it has printed
	dir     string // the folder of the app
	stop    func() // interrupts livec, and waits until it has ended
}

// serve runs an app through livec until the test ends.
func serve(t *testing.T, name, text string) *server {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM to send")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, exe)
	c.Args = []string{"livec", "run", name, "--addr", "127.0.0.1:0"}
	c.Dir = s.dir
	c.Env = append(append(os.Environ(), goEnv(t)...), "XDG_CACHE_HOME="+filepath.Join(s.dir, ".cache"), "LIVE_ENV=", "DATABASE_URL=")
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
		cancel()
		t.Fatalf("the server says nothing: %v, %s", c.Wait(), errOut.String())
	}
	s.line = lines.Text()
	_, rest, _ := strings.Cut(s.line, "listening on ")
	s.address, _, _ = strings.Cut(rest, " ")
	ended := false
	s.stop = func() {
		if ended {
			return
		}
		ended = true
		defer cancel()
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		for lines.Scan() { // until it has ended
		}
		if err := c.Wait(); err != nil {
			t.Errorf("the server ends with %v: %s", err, errOut.String())
		}
	}
	t.Cleanup(s.stop)
	return s
}

// TestRun runs a server through livec: it answers, and ends without an error after an interrupt. Its database has the name that the server
// uses when it is started without livec.
func TestRun(t *testing.T) {
	s := serve(t, "kanban.live", "app Kanban {}\n\nrpc ping() -> string public { return \"pong\" }\n")
	if !strings.HasPrefix(s.line, "Kanban is listening on ") || !strings.Contains(s.line, "Kanban.db") {
		t.Errorf("the server says %q", s.line)
	}
	resp, err := http.Get(s.address + "/healthz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("health: %v, %v", resp, err)
	}
	s.stop()
	if _, err := os.Stat(filepath.Join(s.dir, "Kanban.db")); err != nil {
		t.Errorf("the database is not beside the app: %v", err)
	}
}
