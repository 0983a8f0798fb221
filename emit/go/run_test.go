package emitgo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
)

// TestSecrets runs an app that sends secrets in every possible way. It is compiled without the analysis that refuses
// it: the encoders alone must leave the secrets out.
func TestSecrets(t *testing.T) {
	const dir = "../../testdata/go/secrets"
	files := compileBy(t, compiler.CompileUnguarded, "secrets", modulesIn(t, dir))
	for _, f := range files {
		if strings.HasSuffix(f.Path, ".json") && strings.Contains(string(f.Data), "CANARY") {
			t.Errorf("%s has the default of a secret field", f.Path)
		}
	}
	runFiles(t, "secrets", dir, nil, files)
}

// TestRun compiles the app in testdata/go/run with the tests next to it, which belong to package app, and runs them.
func TestRun(t *testing.T) {
	const dir = "../../testdata/go/run"
	seed := diceSeed(t)
	t.Log("LIVEC_SEED is", seed)
	more := append(dice(seed, 60), emit.File{Path: "mail/mail.go", Data: []byte(read(t, dir+"/mail/mail.go"))})
	runApp(t, "run", dir, []string{"-rapid.checks=2000", "-rapid.nofailfile"}, more...)
}

// TestSignIn runs the app in testdata/go/signin, which tests signing in.
func TestSignIn(t *testing.T) { runApp(t, "signin", "../../testdata/go/signin", nil) }

// runApp compiles the app in a folder with the tests next to it, which belong to package app, and runs them. Further
// files that end in .live become modules of the app.
func runApp(t *testing.T, name, dir string, flags []string, more ...emit.File) {
	t.Helper()
	modules := modulesIn(t, dir)
	var files []emit.File
	for _, f := range more {
		if module, ok := strings.CutSuffix(f.Path, ".live"); ok {
			modules[module] = string(f.Data)
		} else {
			files = append(files, f)
		}
	}
	runFiles(t, name, dir, flags, append(files, compile(t, name, modules)...))
}

// modulesIn returns the modules of the app in a folder.
func modulesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(dir + "/*.live")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	modules := map[string]string{}
	for _, path := range paths {
		modules[strings.TrimSuffix(filepath.Base(path), ".live")] = read(t, path)
	}
	return modules
}

// runFiles compiles generated files with the tests in a folder, and runs the tests.
func runFiles(t *testing.T, name, dir string, flags []string, files []emit.File) {
	t.Helper()
	tests, err := filepath.Glob(dir + "/*_test.go")
	if err != nil || len(tests) == 0 {
		t.Fatal(tests, err)
	}
	for _, path := range tests {
		files = append(files, emit.File{Path: "app/" + filepath.Base(path), Data: []byte(read(t, path))})
	}
	keep(t, name, files)
	out := t.TempDir()
	goRun(
		t,
		"test",
		"-c",
		"-vet=off",
		"-o",
		out+"/app.test",
		"-overlay",
		overlay(t, map[string][]emit.File{name: files}),
		module+"/generated/"+name+"/app",
	)
	cmd := exec.CommandContext(t.Context(), out+"/app.test", append([]string{"-test.v"}, flags...)...)
	cmd.Dir = out
	text, err := cmd.CombinedOutput()
	for line := range strings.SplitSeq(string(text), "\n") {
		if err != nil || testing.Verbose() {
			t.Log(line)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keep writes generated files into the folder LIVEC_KEEP, for people to look at.
func keep(t *testing.T, app string, files []emit.File) {
	t.Helper()
	dir := os.Getenv("LIVEC_KEEP")
	if dir == "" {
		return
	}
	for _, f := range files {
		to := filepath.Join(dir, app, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
