// Command goldens renews the golden files of tests: what the compiler, the emitters and livec are expected to write. It runs the tests
// that compare with golden files, with the variable set that makes them write. Then it builds the client that livec embeds, and shows
// which files have changed. Read the difference before you commit it.
//
//	go run ./scripts/goldens                                all goldens
//	go run ./scripts/goldens ./compiler/... ./emit/ts       those of some packages
//	go run ./scripts/goldens -run '^TestCheck$' ./compiler  those of some tests
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/livec-lang/livec/internal/golden"
)

func main() {
	run := flag.String("run", "", "the tests to run, as for go test; all that compare with golden files if empty")
	flag.Parse()
	if err := renew(*run, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "goldens:", err)
		os.Exit(1)
	}
}

func renew(run string, patterns []string) error {
	all := len(patterns) == 0
	if all {
		patterns = []string{"./..."}
	}
	packages, err := list(patterns)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		return fmt.Errorf("no test of %s compares with golden files", strings.Join(patterns, " "))
	}
	if run == "" {
		if run, err = testsOf(packages); err != nil {
			return err
		}
	}
	args := []string{"test", "-count=1", "-run", run}
	for _, p := range packages {
		args = append(args, p.path)
	}
	fmt.Println("go", strings.Join(args, " "))
	failed := command([]string{golden.Variable + "=1"}, "go", args...)
	if all {
		if err := client(); err != nil {
			return err
		}
	}
	if err := command(nil, "git", "status", "--short"); err != nil {
		fmt.Println("git does not say what has changed:", err)
	}
	if failed != nil {
		return fmt.Errorf("go test: %w; what it says is above", failed)
	}
	return nil
}

// client builds client/dist, which livec embeds.
func client() error {
	if _, err := os.Stat("client/node_modules"); err != nil {
		fmt.Println("client/dist is not built: its npm packages are not installed (npm ci --prefix client)")
		return nil
	}
	return command(nil, "npm", "run", "--silent", "--prefix", "client", "build")
}

// testPackage is a package with a test that compares with golden files.
type testPackage struct {
	path  string
	files []string // its test files
}

// list returns the packages whose tests import the package golden.
func list(patterns []string) ([]testPackage, error) {
	const format = "{{.ImportPath}} {{.Dir}}{{range .TestGoFiles}} {{.}}{{end}}{{range .XTestGoFiles}} {{.}}{{end}} |" +
		"{{range .TestImports}} {{.}}{{end}}{{range .XTestImports}} {{.}}{{end}}"
	c := exec.Command("go", append([]string{"list", "-f", format}, patterns...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []testPackage
	for line := range strings.Lines(string(out)) {
		files, imports, _ := strings.Cut(line, "|")
		if !slices.Contains(strings.Fields(imports), importPath) {
			continue
		}
		words := strings.Fields(files)
		p := testPackage{path: words[0]}
		for _, name := range words[2:] {
			p.files = append(p.files, filepath.Join(words[1], name))
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// command runs a command in the terminal.
func command(env []string, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.Env = append(os.Environ(), env...)
	return c.Run()
}
