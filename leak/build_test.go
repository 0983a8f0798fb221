package leak

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/source"

	"github.com/livec-lang/livec/leak/play"
)

// module is the import path of this module, in which generated code is compiled.
const module = "github.com/livec-lang/livec"

// binary compiles an app of some modules, by their names, with the test that plays it, and gives the path of what can be run.
func binary(t *testing.T, compile compileFunc, name string, modules map[string]string) string {
	t.Helper()
	var files []*source.File
	for m, text := range modules {
		files = append(files, &source.File{Path: m + ".live", Module: m, Text: text})
	}
	p, list := compile(name, files)
	if p == nil {
		for _, d := range list {
			t.Logf("%s: %s %s", d.Primary.File.Path, d.Code, d.Message)
		}
		t.Fatal("modules that compile one by one do not compile together")
	}
	out, err := emitgo.Emit(p, module+"/generated/"+name)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	replace := map[string]string{}
	add := func(path string, data []byte) {
		to := filepath.Join(dir, name, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, "generated", name, filepath.FromSlash(path))] = to
	}
	for _, f := range out {
		add(f.Path, f.Data)
	}
	player, err := os.ReadFile("testdata/app/play_test.go")
	if err != nil {
		t.Fatal(err)
	}
	add("app/play_test.go", player)
	overlay := filepath.Join(dir, "overlay.json")
	write(t, overlay, map[string]any{"Replace": replace})
	exe := filepath.Join(dir, "play.test")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-gcflags=-N -l", "-ldflags=-s -w", "-o", exe, "-overlay", overlay, module+"/generated/"+name+"/app")
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("what the compiler accepts does not build: %v\n%s", err, text)
	}
	return exe
}

// emits makes the Go of a program by itself: what fails so would take all that it is built with along.
func emits(p *program) error {
	prog, _ := whole("leak", []*source.File{{Path: "app.live", Module: "app", Text: app}, {Path: p.name + ".live", Module: p.name, Text: p.Text()}})
	_, err := emitgo.Emit(prog, module+"/generated/leak")
	return err
}

func write(t *testing.T, path string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// perform plays a script and gives what it finds.
func perform(t *testing.T, exe string, script any) []play.Finding {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "script.json"), script)
	cmd := exec.CommandContext(t.Context(), exe, "-test.v")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), play.ScriptFile+"="+filepath.Join(dir, "script.json"), play.FoundFile+"="+filepath.Join(dir, "found.json"))
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, tail(string(text)))
	}
	data, err := os.ReadFile(filepath.Join(dir, "found.json"))
	if err != nil {
		t.Fatal(err)
	}
	var found []play.Finding
	if err := json.Unmarshal(data, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

func tail(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-60):], "\n")
}

// script is what is done to the app of some programs.
func script(programs []*program) *play.Script {
	s := &play.Script{}
	c := &canaries{r: rand.New(rand.NewPCG(1, 1))} //nolint:gosec // always the same
	for row, u := range []struct{ key, name string }{{play.Ann, "ann"}, {play.Bob, "bob"}} {
		step := play.Step{Do: play.Call, Who: 2, Name: "app/join"}
		for which := range databases {
			word := c.word(which, row)
			s.Common[which] = append(s.Common[which], word)
			step.Args[which] = fmt.Sprintf(`[%q,%q,%q]`, u.key, u.name, word)
		}
		s.Before = append(s.Before, step)
	}
	for _, p := range programs {
		s.Modules = append(s.Modules, play.Module{Name: p.name, Canaries: p.kept, Steps: p.Steps()})
	}
	return s
}
