// Package golden compares the output of code with golden files, which have its earlier output. If they differ, the test
// shows the differing lines and the command that renews the file. The environment variable UPDATE_GOLDENS renews files;
// `go run ./scripts/goldens` sets it.
package golden

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

// Variable is the environment variable that makes tests renew their files. It is not a flag, because go test passes
// flags to all packages, and fails in those that do not define the flag.
const Variable = "UPDATE_GOLDENS"

// shown is the maximum number of lines of a difference that are shown.
const shown = 150

// Updating reports whether tests renew their files.
func Updating() bool { return os.Getenv(Variable) != "" }

// File compares output with a file, or renews the file. The path is relative to the folder of the test.
func File(t testing.TB, path string, got []byte) {
	t.Helper()
	want, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	switch {
	case err == nil && bytes.Equal(want, got):
	case Updating():
		if err := write(path, got); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Errorf("%s does not exist yet; to write it: %s", path, Command(t))
	default:
		t.Errorf("%s\n%sif this is meant, renew the file: %s", path, difference(want, got), Command(t))
	}
}

// Tree compares files with all files in a folder, or renews the folder. The keys of files are paths relative to the folder.
func Tree(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || files[filepath.ToSlash(name)] != nil {
			return err
		}
		if Updating() {
			return os.Remove(path)
		}
		t.Errorf("%s is not written any more; to remove it: %s", path, Command(t))
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for name, got := range files {
		File(t, filepath.Join(dir, filepath.FromSlash(name)), got)
	}
}

func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// difference returns a unified diff from want to got.
func difference(want, got []byte) string {
	lines := strings.SplitAfter(string(diff.Diff("want", want, "got", got)), "\n")
	if more := len(lines) - shown; more > 0 {
		lines = append(lines[:shown], fmt.Sprintf("… and %d more lines\n", more))
	}
	return strings.Join(lines, "")
}

// Command returns the command that renews the files of a test.
func Command(t testing.TB) string {
	return fmt.Sprintf("go run ./scripts/goldens -run '%s' %s", pattern(t.Name()), folder())
}

// pattern returns a pattern for go test -run that matches only the test with this name: a regular expression for each
// part between slashes.
func pattern(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// folder returns the folder of the test, which go test makes the working directory, relative to the root of the module.
func folder() string {
	wd, err := os.Getwd()
	if err != nil {
		return "."
	}
	for root := wd; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			rel, err := filepath.Rel(root, wd)
			if err != nil {
				return wd
			}
			return "./" + filepath.ToSlash(rel)
		}
		if root == filepath.Dir(root) {
			return wd
		}
	}
}
