package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder is a test that records errors.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestFile(t *testing.T) {
	t.Setenv(Variable, "")
	r := &recorder{TB: t}
	path := filepath.Join(t.TempDir(), "new", "a.golden")
	File(r, path, []byte("one\ntwo\n"))
	missing := "does not exist yet; to write it: go run ./scripts/goldens -run '^TestFile$' ./internal/golden"
	if len(r.said) != 1 || !strings.Contains(r.said[0], missing) {
		t.Errorf("of a file that is missing: %q", r.said)
	}
	t.Setenv(Variable, "1")
	File(t, path, []byte("one\ntwo\n"))
	t.Setenv(Variable, "")
	File(t, path, []byte("one\ntwo\n"))
	r.said = nil
	File(r, path, []byte("one\n2\n"))
	if len(r.said) != 1 || !strings.Contains(r.said[0], " one\n-two\n+2\nif this is meant, renew the file: go run ") {
		t.Errorf("of a difference: %q", r.said)
	}
	r.said = nil
	File(r, path, []byte(strings.Repeat("line\n", 1000)))
	if len(r.said) != 1 || strings.Count(r.said[0], "\n") > shown+5 || !strings.Contains(r.said[0], "more lines\n") {
		t.Errorf("of a large difference: %q", r.said)
	}
}

func TestTree(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(Variable, "1")
	Tree(t, dir, map[string][]byte{"a": []byte("1"), "b/c": []byte("2")})
	t.Setenv(Variable, "")
	Tree(t, dir, map[string][]byte{"a": []byte("1"), "b/c": []byte("2")})
	r := &recorder{TB: t}
	Tree(r, dir, map[string][]byte{"b/c": []byte("2")})
	if len(r.said) != 1 || !strings.Contains(r.said[0], "a is not written any more") {
		t.Errorf("of a file that is left: %q", r.said)
	}
	t.Setenv(Variable, "1")
	Tree(t, dir, map[string][]byte{"b/c": []byte("2")})
	if _, err := os.Stat(filepath.Join(dir, "a")); !os.IsNotExist(err) {
		t.Errorf("a file that is left over is not removed: %v", err)
	}
}

// TestCommand uses a test whose name has special characters of regular expressions.
func TestCommand(t *testing.T) {
	t.Run("a+b (c)", func(t *testing.T) {
		if got, want := Command(t), `go run ./scripts/goldens -run '^TestCommand$/^a\+b_\(c\)$' ./internal/golden`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
