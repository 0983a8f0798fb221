package sqlite_test

import (
	"context"
	"database/sql"
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

// note is a table of the tests, with changes.
func note(change ...func(*relation.Table)) *relation.Table {
	t := &relation.Table{
		Name:    "note",
		Columns: relation.Schema{{Name: "id", Kind: relation.ID}, {Name: "text", Kind: relation.Text}},
		Key:     []int{0},
	}
	for _, c := range change {
		c(t)
	}
	return t
}

func index(t *relation.Table)      { t.Index = [][]int{{1}} }
func uniqueText(t *relation.Table) { t.Unique = [][]int{{1}} }

// further adds a column, with a default unless that is nil.
func further(c relation.Column, byDefault any) func(*relation.Table) {
	return func(t *relation.Table) {
		if byDefault != nil {
			t.Defaults = map[int]any{len(t.Columns): byDefault}
		}
		t.Columns = append(t.Columns, c)
	}
}

// tamper runs SQL on a database that no store has open.
func tamper(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
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

// noteRow is a row, with null or 0 in further columns.
func noteRow(table *relation.Table, id, text string) relation.Row {
	row := make(relation.Row, len(table.Columns))
	row[0], row[1] = id, text
	for i, c := range table.Columns[2:] {
		if !c.Nullable {
			row[i+2] = int64(0)
		}
	}
	return row
}

func insert(t *testing.T, s store.Store, table *relation.Table, id, text string) {
	t.Helper()
	if _, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(table, noteRow(table, id, text)) }); err != nil {
		t.Fatal(err)
	}
}

// closed closes a store, which must succeed.
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
	if err := os.WriteFile(text, []byte(strings.Repeat("this is not a database\n", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, says string }{
		"folder":         {dir, "is a folder"},
		"missing folder": {filepath.Join(dir, "missing", "a.db"), "the folder " + filepath.Join(dir, "missing") + " does not exist"},
		"another format": {text, "is not an SQLite database"},
		"file as folder": {filepath.Join(text, "a.db"), "not a directory"},
	} {
		_, err := open(t, c.path, sqlite.Options{}, note())
		if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %q, want it to say %q", name, err, c.says)
		}
	}
	if b, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(b), "this is not a database") {
		t.Error("a file that is not a database was changed")
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, filepath.Join(dir, "a.db"), sqlite.Options{}, note())
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("error %q", err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	s := mustOpen(t, path, sqlite.Options{}, note())
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		_, err := open(t, p, sqlite.Options{}, note())
		if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d serves %s", os.Getpid(), p)) {
			t.Errorf("error %q, want ErrLocked that names the process", err)
		}
	}
	insert(t, s, note(), "1", "still served")
	closed(t, s)
	if s, err := open(t, link, sqlite.Options{}, note()); err != nil {
		t.Errorf("after Close: %v", err)
	} else if row := get(t, s, note(), "1"); row == nil {
		t.Error("the row is not there")
	}
}

func TestMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // other processes may have databases at Memory too
	before := tempEntries(t)
	a, b := mustOpen(t, sqlite.Memory, sqlite.Options{}, note()), mustOpen(t, sqlite.Memory, sqlite.Options{}, note())
	insert(t, a, note(), "1", "in a")
	if get(t, a, note(), "1") == nil || get(t, b, note(), "1") != nil {
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
	by := relation.Column{Name: "by", Kind: relation.Text, Nullable: true}
	requiredBy := relation.Column{Name: "by", Kind: relation.Text}
	pinned := relation.Column{Name: "pinned", Kind: relation.Bool}
	n := relation.Column{Name: "n", Kind: relation.Int}
	nullableN, floatN := n, n
	nullableN.Nullable, floatN.Kind, floatN.Nullable = true, relation.Float, true
	for name, c := range map[string]struct {
		from, to *relation.Table
		says     string   // what the error says; empty if the schema can be adapted
		tamper   []string // what others change in between
	}{
		"same":            {from: note(), to: note()},
		"nullable column": {from: note(), to: note(further(by, nil))},
		"default":         {from: note(), to: note(further(pinned, false))},
		"new index":       {from: note(), to: note(index)},
		"index gone":      {from: note(index), to: note()},
		"index of that name": {from: note(index), to: note(index), tamper: []string{
			`DROP INDEX "note index text"`, `CREATE INDEX "note index text" ON "note" ("text" DESC)`,
		}},
		"unique":      {from: note(), to: note(uniqueText)},
		"unique gone": {from: note(uniqueText), to: note()},
		"required column": {from: note(), to: note(further(requiredBy, nil)),
			says: "table note, column by: it is new, but the existing rows have no value"},
		"column gone": {from: note(further(by, nil)), to: note(),
			says: "table note, column by: it is in the database but not in the program"},
		"type": {from: note(further(nullableN, nil)), to: note(further(floatN, nil)),
			says: "table note, column n: it is INTEGER in the database and REAL in the program"},
		"no longer null": {from: note(further(nullableN, nil)), to: note(further(n, int64(0))),
			says: "table note, column n: it may be null in the database"},
		"null": {from: note(further(n, int64(0))), to: note(further(nullableN, nil)),
			says: "table note, column n: it may be null in the program"},
		"constraint gone": {from: note(), to: note(), says: "table note, column text: it must be unique in the database", tamper: []string{
			`DROP TABLE "note"`,
			`CREATE TABLE "note" ("id" TEXT NOT NULL, "text" TEXT NOT NULL, UNIQUE ("text"), PRIMARY KEY ("id")) STRICT, WITHOUT ROWID`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			s := mustOpen(t, path, sqlite.Options{}, c.from)
			insert(t, s, c.from, "1", "kept")
			closed(t, s)
			tamper(t, path, c.tamper...)
			s, err := open(t, path, sqlite.Options{}, c.to)
			if c.says != "" {
				if !errors.Is(err, store.ErrDrift) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "To go on, ") {
					t.Fatalf("error %q, want a drift that says %q", err, c.says)
				}
				if c.tamper != nil {
					return
				}
				s, err = open(t, path, sqlite.Options{}, c.from) // nothing was changed
				c.to = c.from
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
				_, err := store.Write(t.Context(), s, func(tx store.Tx) error { return tx.Insert(c.to, noteRow(c.to, "3", "new")) })
				if !errors.Is(err, store.ErrUnique) {
					t.Errorf("error %v, want ErrUnique", err)
				}
			}
		})
	}
}

func TestUniqueOverEqualRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := mustOpen(t, path, sqlite.Options{}, note())
	insert(t, s, note(), "1", "same")
	insert(t, s, note(), "2", "same")
	closed(t, s)
	_, err := open(t, path, sqlite.Options{}, note(uniqueText))
	if !errors.Is(err, store.ErrDrift) || !strings.Contains(err.Error(), "there are rows with equal values") {
		t.Errorf("error %q, want ErrDrift", err)
	}
}

// passing is a context whose deadline passes when the test says so.
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

// TestWritesEndWithTheirTime checks that a call that only writes ends when its time is over, and all its writes are undone. The next call
// runs.
func TestWritesEndWithTheirTime(t *testing.T) {
	table := note()
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
