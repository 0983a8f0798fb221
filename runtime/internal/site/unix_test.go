//go:build unix

package site

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStaysInside has links out of the folder, and a FIFO in it: neither is opened.
func TestStaysInside(t *testing.T) {
	base := t.TempDir()
	secret := build(t, base, "secret.txt", "secret")
	dir := build(t, base, "index.html", "page", "real.txt", "real")
	for link, to := range map[string]string{"out.txt": filepath.Join(secret, "secret.txt"), "in.txt": "real.txt"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.txt"), 0o600); err != nil {
		t.Skip(err)
	}
	h := server(t, dir)
	for path, want := range map[string]int{"/out.txt": 404, "/in.txt": 200, "/pipe.txt": 404} {
		if w := get(h, path); w.Code != want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}
