package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/compiler"
	emitts "github.com/livec-lang/livec/emit/ts"
	"github.com/livec-lang/livec/lang/source"
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
	app, list := compiler.Compile("app", []*source.File{{Path: "app.live", Module: "app", Text: string(text)}})
	if app == nil {
		for _, d := range list {
			t.Errorf("%s %s at %d", d.Code, d.Message, d.Primary.Span.Start)
		}
		t.FailNow()
	}
	files, err := emitts.Emit(app)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		path := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		write(f.Path, f.Data)
	}
	write("app.live", text)
	livec := filepath.Join(work, "livec")
	if out, err := exec.Command("go", "build", "-o", livec, "../cmd/livec").CombinedOutput(); err != nil {
		t.Fatalf("livec cannot be built: %v\n%s", err, out)
	}
	node := exec.Command("node", "--experimental-websocket", "--no-warnings", "--test", "test/server/server.test.mjs")
	node.Env = append(os.Environ(), "LIVEC="+livec, "WORK="+work)
	if out, err := node.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
