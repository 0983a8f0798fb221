package abuse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestFilesArePrivate is A25.
func TestFilesArePrivate(t *testing.T) {
	gate(t, "A25")
	s := start(t, Config{})
	if err := (&Target{Server: s}).fill(t.Context(), "rows", 10, 10); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm", ".secret"} {
		if info, err := os.Stat(s.DB + end); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("abuse.db%s: %v %v", end, info, err)
		}
	}
}

// TestFullDisk is A19: writes fail, and reads go on; liveness, readiness and a few lines of the log tell what is wrong.
func TestFullDisk(t *testing.T) {
	gate(t, "A19")
	s := start(t, Config{FileSize: 1024})
	client := HTTP(Address(0))
	defer client.CloseIdleConnections()
	args := fmt.Sprintf(`["room",200,%q]`, strings.Repeat("x", 1900))
	soon(t, 20*time.Second, func(ctx context.Context) error {
		reply, err := s.Post(ctx, client, "fill", args)
		if err == nil && reply.Status != http.StatusServiceUnavailable {
			err = fmt.Errorf("writes get %d %s", reply.Status, reply.Body)
		}
		return err
	})
	for range 300 {
		if reply, err := s.Post(t.Context(), client, "fill", args); err != nil || reply.Status != http.StatusServiceUnavailable {
			t.Fatalf("a further write: %d %s %v", reply.Status, reply.Body, err)
		}
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if reply, err := s.Get(t.Context(), client, path); err != nil || reply.Status != want {
			t.Errorf("%s: %d %s %v", path, reply.Status, reply.Body, err)
		}
	}
	if reply, err := s.Post(t.Context(), client, "latest", `["room"]`); err != nil || reply.Status != http.StatusOK {
		t.Errorf("a read: %d %s %v", reply.Status, reply.Body, err)
	}
	if n := strings.Count(s.Log(), "\n"); n > 50 {
		t.Errorf("300 failed writes have left %d lines in the log", n)
	}
}

// TestDamagedFiles is A20: after an unclean end, a server does not serve what is left of files that were cut or damaged, and says what to
// do.
func TestDamagedFiles(t *testing.T) {
	gate(t, "A20")
	for name, test := range map[string]struct {
		damage func(db string) error // nil: none
		want   string                // in what the server says
	}{
		"nothing":         {nil, ""},
		"the log is gone": {func(db string) error { return os.Remove(db + "-wal") }, "is missing"},
		"the log is cut":  {func(db string) error { return os.Truncate(db+"-wal", 4096) }, "was cut or damaged"},
		"a page": {func(db string) error {
			f, err := os.OpenFile(db, os.O_RDWR, 0)
			if err == nil {
				_, err = f.WriteAt([]byte(strings.Repeat("?", 8192)), size(t, db)/2&^4095)
				err = errors.Join(err, f.Close())
			}
			return err
		}, "is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			db := filepath.Join(t.TempDir(), "abuse.db")
			s := start(t, Config{DB: db})
			if err := (&Target{Server: s}).fill(t.Context(), "old", 1000, 100); err != nil {
				t.Fatal(err)
			}
			if err := s.Signal(syscall.SIGTERM); err != nil { // its rows go into the file of the database
				t.Fatal(err)
			}
			if err := s.Exit(t.Context()); err != nil {
				t.Fatal(err)
			}
			s = start(t, Config{DB: db})
			if err := (&Target{Server: s}).fill(t.Context(), "new", 500, 100); err != nil {
				t.Fatal(err)
			}
			s.Kill()
			if test.damage == nil {
				start(t, Config{DB: db})
				return
			}
			if err := test.damage(db); err != nil {
				t.Fatal(err)
			}
			again, err := Start(t.Context(), Config{Program: program(t), DB: db})
			if err == nil {
				again.Kill()
			}
			if !errors.Is(err, ErrExited) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want that it %s", err, test.want)
			}
		})
	}
}
