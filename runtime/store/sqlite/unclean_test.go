package sqlite

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// crashed makes the files of a database whose process was killed: 200 commits, most of them in the log alone.
func crashed(t *testing.T) (path string) {
	t.Helper()
	s := openEntries(t, Options{})
	for i := range 200 {
		if _, err := store.Write(t.Context(), s, func(tx store.Tx) error {
			return tx.Insert(entry, relation.Row{fmt.Sprint(i, strings.Repeat("x", 1000))})
		}); err != nil {
			t.Fatal(err)
		}
	}
	path = filepath.Join(t.TempDir(), "crashed.db")
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		copyFile(t, s.lock.database+end, path+end)
	}
	return path
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// reopen opens the database again, and gives the number of its rows and what was logged.
func reopen(t *testing.T, path string) (rows int, log string, err error) {
	t.Helper()
	var out bytes.Buffer
	s, err := Open(t.Context(), path, []*relation.Table{entry}, Options{Logger: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		return 0, out.String(), err
	}
	err = s.Read(t.Context(), func(r store.Tx) error {
		row, err := r.(*tx).c.one("SELECT count(*) FROM entry")
		if err == nil {
			rows = int(row[0].(int64))
		}
		return err
	})
	return rows, out.String(), errors.Join(err, s.Close())
}

// TestAfterUncleanEnd starts after a crash with files as they were, and with files that were changed.
func TestAfterUncleanEnd(t *testing.T) {
	truncate := func(end string, left float64) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			info, err := os.Stat(path + end)
			if err == nil {
				err = os.Truncate(path+end, int64(float64(info.Size())*left))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	spoil := func(end string, at int64) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			f, err := os.OpenFile(path+end, os.O_RDWR, 0)
			if err == nil {
				_, err = f.WriteAt(bytes.Repeat([]byte{0xAA}, 4096), at)
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(ends ...string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			for _, end := range ends {
				if err := os.Remove(path + end); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for name, test := range map[string]struct {
		change func(t *testing.T, path string)
		want   string // in the error; "" if it starts with all rows
	}{
		"as it was":             {func(*testing.T, string) {}, ""},
		"without its index":     {remove("-shm"), ""},
		"the log is missing":    {remove("-wal"), "-wal, which has its latest commits, is missing"},
		"log and index missing": {remove("-wal", "-shm"), "-wal, which has its latest commits, is missing"},
		"the log is cut":        {truncate("-wal", 0.02), "was cut or damaged"},
		"the log is empty":      {truncate("-wal", 0), "was cut or damaged"},
		"the log is damaged":    {spoil("-wal", 60_000), "was cut or damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := crashed(t)
			test.change(t, path)
			rows, log, err := reopen(t, path)
			if test.want == "" {
				if err != nil || rows != 200 || !strings.Contains(log, "the database is whole") {
					t.Fatalf("%d rows, %v, logged %s", rows, err, log)
				}
				if _, log, err := reopen(t, path); err != nil || strings.Contains(log, "order") {
					t.Errorf("after an orderly end: %v, logged %s", err, log)
				}
				return
			}
			if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Fatalf("%d rows, %v, want that the file %s", rows, err, test.want)
			}
			if _, _, again := reopen(t, path); fmt.Sprint(again) != fmt.Sprint(err) {
				t.Errorf("the second time %v, want %v", again, err)
			}
			remove(".lock")(t, path) // as the message says
			if rows, _, err := reopen(t, path); err != nil || rows == 200 {
				t.Errorf("without the lock: %d rows, %v", rows, err)
			}
		})
	}
}

// TestDamaged starts after a crash with a page of the database that is damaged.
func TestDamaged(t *testing.T) {
	path := crashed(t)
	if rows, _, err := reopen(t, path); err != nil || rows != 200 { // now all rows are in the file of the database
		t.Fatal(rows, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		for at := size / 2 &^ 4095; at < size && err == nil; at += 4096 {
			_, err = f.WriteAt(bytes.Repeat([]byte{0xAA}, 100), at)
		}
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	l, err := takeLock(path+".lock", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.mark(true), os.WriteFile(path+"-wal", nil, 0o600), l.release()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path + "-shm"); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	_, _, err = reopen(t, path)
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "is damaged") ||
		!strings.Contains(fmt.Sprint(err), ".recover") {
		t.Errorf("%v, want that it is damaged, and what to do", err)
	}
}

// TestTightens opens a database that others may read.
func TestTightens(t *testing.T) {
	path := crashed(t)
	ends := []string{"", "-wal", "-shm"}
	for _, end := range ends {
		if err := os.Chmod(path+end, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	s, err := Open(t.Context(), path, []*relation.Table{entry}, Options{Logger: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, end := range ends {
		if info, err := os.Stat(path + end); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", end, info.Mode(), err)
		}
	}
	if n := strings.Count(out.String(), "only its owner"); n != len(ends) {
		t.Errorf("%d files are logged, want %d: %s", n, len(ends), out.String())
	}
}
