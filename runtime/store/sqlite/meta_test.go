package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// TestFormats opens databases whose metadata was written by other versions.
func TestFormats(t *testing.T) {
	const first = `CREATE TABLE _live_meta (id INTEGER PRIMARY KEY CHECK (id = 0), epoch TEXT NOT NULL, seq INTEGER NOT NULL, ` +
		`run TEXT NOT NULL, state TEXT NOT NULL, format INTEGER NOT NULL)`
	for name, c := range map[string]struct {
		create, insert string
		want           uint64
		err            error
	}{
		"format 1": {first, "INSERT INTO _live_meta VALUES (0, 'e', 41, 'r', 'durable', 1)", 41, nil},
		"format 2": {createMetaSQL, "INSERT INTO _live_meta VALUES (0, 41, 2)", 41, nil},
		"newer":    {createMetaSQL, "INSERT INTO _live_meta VALUES (0, 41, 3)", 0, store.ErrDrift},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			c0, err := openConn("file:" + path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(c0.script(c.create), c0.script(c.insert), c0.close()); err != nil {
				t.Fatal(err)
			}
			for range 2 { // once to adapt it, and once more as it is then
				s, err := Open(t.Context(), path, []*relation.Table{}, Options{})
				if !errors.Is(err, c.err) {
					t.Fatalf("error %v, want %v", err, c.err)
				}
				if err != nil {
					continue
				}
				if err := s.Read(t.Context(), func(tx store.Tx) error {
					if tx.Seq() != c.want {
						t.Errorf("the last commit is %d, want %d", tx.Seq(), c.want)
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
