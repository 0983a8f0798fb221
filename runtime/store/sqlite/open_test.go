package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/store/sqlite"
)

// note is a table of the tests, with further columns and statements.
func note(more string, extra ...string) *relation.Table {
	return &relation.Table{
		Name:    "note",
		Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "text", Kind: relation.Text}},
		Key:     []int{0},
		SQL: relation.TableSQL{
			Create: append([]string{`CREATE TABLE IF NOT EXISTS "note" ("id" TEXT NOT NULL, "text" TEXT NOT NULL` + more + `, PRIMARY KEY ("id")) STRICT, WITHOUT ROWID`}, extra...),
			Insert: `INSERT INTO "note" ("id", "text") VALUES (?, ?)`,
			Update: `UPDATE "note" SET "id" = ?, "text" = ? WHERE "id" = ?`,
			Delete: `DELETE FROM "note" WHERE "id" = ?`,
			Get:    `SELECT "id", "text" FROM "note" WHERE "id" = ?`,
		},
	}
}

func open(t *testing.T, path string, o sqlite.Options, tables ...*relation.Table) (store.Store, error) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, tables, o)
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func mustOpen(t *testing.T, path string, o sqlite.Options, tables ...*relation.Table) store.Store {
	t.Helper()
	s, err := open(t, path, o, tables...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func insert(t *testing.T, s store.Store, table *relation.Table, id, text string) {
	t.Helper()
	if _, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(table, relation.Row{id, text}) }); err != nil {
		t.Fatal(err)
	}
}

// closed closes a store and wants no error.
func closed(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s store.Store, table *relation.Table, id string) (row relation.Row) {
	t.Helper()
	err := s.Read(t.Context(), func(tx store.Tx) (err error) {
		row, err = tx.Get(table, relation.Row{id})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestBadPath(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database\n", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, says string }{
		"folder":         {dir, "is a folder"},
		"missing folder": {filepath.Join(dir, "missing", "a.db"), "the folder " + filepath.Join(dir, "missing") + " does not exist"},
		"another format": {text, "is not a SQLite database"},
		"file as folder": {filepath.Join(text, "a.db"), "not a directory"},
	} {
		_, err := open(t, c.path, sqlite.Options{}, note(""))
		if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %q, want it to say %q", name, err, c.says)
		}
	}
	if b, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(b), "this is no database") {
		t.Error("a file that is no database was changed")
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, filepath.Join(dir, "a.db"), sqlite.Options{}, note(""))
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("error %q", err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	s := mustOpen(t, path, sqlite.Options{}, note(""))
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		_, err := open(t, p, sqlite.Options{}, note(""))
		if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d serves %s", os.Getpid(), p)) {
			t.Errorf("error %q, want ErrLocked that names the process", err)
		}
	}
	insert(t, s, note(""), "1", "still served")
	closed(t, s)
	if s, err := open(t, link, sqlite.Options{}, note("")); err != nil {
		t.Errorf("after Close: %v", err)
	} else if row := get(t, s, note(""), "1"); row == nil {
		t.Error("the row is not there")
	}
}

func TestMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // other processes have databases in memory too
	before := tempEntries(t)
	a, b := mustOpen(t, sqlite.Memory, sqlite.Options{}, note("")), mustOpen(t, sqlite.Memory, sqlite.Options{}, note(""))
	insert(t, a, note(""), "1", "in a")
	if get(t, a, note(""), "1") == nil || get(t, b, note(""), "1") != nil {
		t.Error("two databases in memory are one")
	}
	closed(t, a)
	closed(t, b)
	if after := tempEntries(t); after > before {
		t.Errorf("%d entries are left behind", after-before)
	}
}

func tempEntries(t *testing.T) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(os.TempDir(), "live-*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestSchema(t *testing.T) {
	const index = `CREATE INDEX IF NOT EXISTS "note_text" ON "note" ("text")`
	const unique = `CREATE UNIQUE INDEX IF NOT EXISTS "note_text_key" ON "note" ("text")`
	for name, c := range map[string]struct {
		from, to *relation.Table
		says     string // of the drift; none if it can be brought over
	}{
		"same":               {note(""), note(""), ""},
		"nullable column":    {note(""), note(`, "by" TEXT`), ""},
		"default":            {note(""), note(`, "pinned" INTEGER NOT NULL DEFAULT 0 CHECK ("pinned" IN (0, 1))`), ""},
		"new index":          {note(""), note("", index), ""},
		"index gone":         {note("", index), note(""), ""},
		"index of that name": {note("", index), note("", `CREATE INDEX IF NOT EXISTS "note_text" ON "note" ("text" DESC)`), ""},
		"unique":             {note(""), note("", unique), ""},
		"unique gone":        {note("", unique), note(""), ""},
		"required column":    {note(""), note(`, "by" TEXT NOT NULL`), "table note, column by: it is new, and the rows that are there have no value"},
		"column gone":        {note(`, "by" TEXT`), note(""), "table note, column by: it is in the database but not in the program"},
		"type":               {note(`, "n" INTEGER`), note(`, "n" REAL`), "table note, column n: it is INTEGER in the database and REAL in the program"},
		"no longer null":     {note(`, "n" INTEGER`), note(`, "n" INTEGER NOT NULL DEFAULT 0`), "table note, column n: it may be null in the database"},
		"null":               {note(`, "n" INTEGER NOT NULL DEFAULT 0`), note(`, "n" INTEGER`), "table note, column n: it may be null in the program"},
		"constraint gone":    {note(`, UNIQUE ("text")`), note(""), "table note, column text: it must be unique in the database"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			s := mustOpen(t, path, sqlite.Options{}, c.from)
			insert(t, s, c.from, "1", "kept")
			closed(t, s)
			s, err := open(t, path, sqlite.Options{}, c.to)
			if c.says != "" {
				if !errors.Is(err, store.ErrDrift) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "To go on, ") {
					t.Fatalf("error %q, want a drift that says %q", err, c.says)
				}
				s, err = open(t, path, sqlite.Options{}, c.from) // nothing was changed
			}
			if err != nil {
				t.Fatal(err)
			}
			if get(t, s, c.to, "1") == nil {
				t.Error("the row is gone")
			}
			insert(t, s, c.to, "2", "new")
			if name == "unique gone" {
				insert(t, s, c.to, "3", "new")
			}
			if name == "unique" {
				_, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(c.to, relation.Row{"3", "new"}) })
				if !errors.Is(err, store.ErrUnique) {
					t.Errorf("error %v, want ErrUnique", err)
				}
			}
		})
	}
}

func TestUniqueOverEqualRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := mustOpen(t, path, sqlite.Options{}, note(""))
	insert(t, s, note(""), "1", "same")
	insert(t, s, note(""), "2", "same")
	closed(t, s)
	_, err := open(t, path, sqlite.Options{}, note("", `CREATE UNIQUE INDEX IF NOT EXISTS "note_text" ON "note" ("text")`))
	if !errors.Is(err, store.ErrDrift) || !strings.Contains(err.Error(), "there are rows with equal values") {
		t.Errorf("error %q, want ErrDrift", err)
	}
}

// passing is a context whose deadline is passed when the test says so.
type passing struct {
	context.Context
	passed bool
}

func (p *passing) Err() error {
	if p.passed {
		return context.DeadlineExceeded
	}
	return nil
}

// A call that only writes ends when its time is over, with all that it has written, and the next one goes on.
func TestWritesEndWithTheirTime(t *testing.T) {
	table := note("")
	s := mustOpen(t, filepath.Join(t.TempDir(), "a.db"), sqlite.Options{}, table)
	defer closed(t, s)
	ctx := &passing{Context: t.Context()}
	ended := make(chan error, 1)
	s.Submit(ctx, func(tx store.Tx) error {
		if err := tx.Insert(table, relation.Row{"1", "before"}); err != nil {
			return err
		}
		ctx.passed = true
		return tx.Insert(table, relation.Row{"2", "after"})
	}, func(_ store.Commit, err error) { ended <- err })
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the one of the context", err)
	}
	insert(t, s, table, "3", "of another call")
	if get(t, s, table, "1") != nil || get(t, s, table, "2") != nil || get(t, s, table, "3") == nil {
		t.Error("the rows of the call that ran out of time are there, or those of the next one are not")
	}
}
