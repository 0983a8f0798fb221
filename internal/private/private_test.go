package private

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTighten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if changed, err := Tighten(path); changed || err != nil {
		t.Errorf("a file that does not exist: %v, %v", changed, err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if changed, err := Tighten(path); changed != want || err != nil {
			t.Errorf("changed %v, %v; want %v", changed, err, want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
	}
}
