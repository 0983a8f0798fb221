package leak

import (
	_ "embed" // the test that is built into each app
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/emit"
	emitgo "github.com/livec-lang/livec/emit/go"
	"github.com/livec-lang/livec/lang/source"

	"github.com/livec-lang/livec/leak/play"
)

// module is the import path of this module. Generated code is compiled as a part of it.
const module = "github.com/livec-lang/livec"

//go:embed testdata/app/play_test.go
var playTest string

// Run builds an app of some programs, which compile accepts one by one, plays them, and returns the output that should not be there.
func Run(t testing.TB, name string, compile Compiler, programs []*Program) []play.Finding {
	t.Helper()
	return run(t, name, compile, programs, scriptOf(programs))
}

func run(t testing.TB, name string, compile Compiler, programs []*Program, script *play.Script) []play.Finding {
	t.Helper()
	files := []*source.File{appFile()}
	for _, p := range programs {
		files = append(files, p.file())
	}
	prog, list := compile(name, files)
	if prog == nil {
		for _, d := range list {
			t.Logf("%s: %s %s", d.Primary.File.Path, d.Code, d.Message)
		}
		t.Fatal("modules that compile one by one do not compile together")
	}
	out, err := emitgo.Emit(prog, module+"/generated/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return perform(t, build(t, name, out), script)
}

// build compiles generated Go as a part of this module, with the test that plays it, and returns the path of the program.
func build(t testing.TB, name string, files []emit.File) string {
	t.Helper()
	root := root(t)
	dir := t.TempDir()
	replace := map[string]string{}
	for _, f := range append(files, emit.File{Path: "app/play_test.go", Data: []byte(playTest)}) {
		to := filepath.Join(dir, name, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, "generated", name, filepath.FromSlash(f.Path))] = to
	}
	overlay := filepath.Join(dir, "overlay.json")
	write(t, overlay, map[string]any{"Replace": replace})
	exe := filepath.Join(dir, "play.test")
	// It runs once, so optimizing it would take longer than it saves.
	cmd := exec.CommandContext(
		t.Context(), "go", "test", "-c", "-vet=off", "-gcflags=-N -l", "-ldflags=-s -w", "-o", exe, "-overlay", overlay,
		module+"/generated/"+name+"/app",
	)
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("what the compiler accepts does not build: %v\n%s", err, text)
	}
	return exe
}

// root is the folder of this module.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("there is no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// Emits makes the Go of a program by itself: if that fails in an app of many programs, none of them can be tested.
func Emits(compile Compiler, p *Program) error {
	prog, _ := compile("leak", []*source.File{appFile(), p.file()})
	_, err := emitgo.Emit(prog, module+"/generated/leak")
	return err
}

func write(t testing.TB, path string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// perform plays a script and returns its findings.
func perform(t testing.TB, exe string, script *play.Script) []play.Finding {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "script.json"), script)
	cmd := exec.CommandContext(t.Context(), exe, "-test.v")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), play.ScriptFile+"="+filepath.Join(dir, "script.json"), play.FoundFile+"="+filepath.Join(dir, "found.json"))
	text, err := cmd.CombinedOutput()
	if err != nil {
		lines := strings.Split(string(text), "\n")
		t.Fatalf("%v\n%s", err, strings.Join(lines[max(0, len(lines)-60):], "\n"))
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

// scriptOf is the script for an app of some programs.
func scriptOf(programs []*Program) *play.Script {
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
	for which := range databases {
		s.Key[which] = c.word(which, 0)
		s.Common[which] = append(s.Common[which], s.Key[which])
	}
	for _, p := range programs {
		s.Modules = append(s.Modules, play.Module{Name: p.Name, Canaries: p.kept, Steps: p.steps(), Presence: p.presence, Policy: p.policy})
	}
	return s
}
