package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestServer runs the tests of the client against a server that livec makes of an app.
func TestServer(t *testing.T) {
	if _, err := os.Stat("node_modules"); err != nil {
		t.Skip("the npm packages are not installed")
	}
	if testing.Short() {
		t.Skip("a server is compiled")
	}
	for _, pattern := range []string{"test/server/*", "src/*"} { // a result that is kept must not outlive these
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			if _, err := os.Stat(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	work := t.TempDir()
	text, err := os.ReadFile("test/server/app.live")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "app.live"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	run := func(dir, name string, args ...string) {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
	}
	livec := filepath.Join(work, "livec")
	run("", "go", "build", "-o", livec, "../cmd/livec")
	run(work, "go", "mod", "init", "example.com/app")
	run(work, livec, "build", "app.live")
	run(work, "go", "build", "-o", "server", "./gen/server")
	files := []string{"test/server/server.test.mjs", "test/server/token.test.mjs"}
	node := exec.Command("node", append([]string{"--experimental-websocket", "--no-warnings", "--test"}, files...)...)
	node.Env = append(os.Environ(), "WORK="+work)
	if out, err := node.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
