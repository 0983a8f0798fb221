package sqlite

import (
	"fmt"

	"github.com/livec-lang/livec/runtime/store"
)

// _live_meta has one row with data about the whole database.
//
//	seq     of the last commit
//	format  of this table
//
// Format 1 had three more columns, to detect whether sequences had been lost. Nothing reads that any more, since topics have epochs of
// their own, which end with the process.
const (
	createMetaSQL = `CREATE TABLE IF NOT EXISTS _live_meta (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  seq INTEGER NOT NULL,
  format INTEGER NOT NULL
)`
	getMetaSQL   = "SELECT seq, format FROM _live_meta WHERE id = 0"
	putMetaSQL   = "INSERT INTO _live_meta (id, seq, format) VALUES (0, 0, ?)"
	setFormatSQL = "UPDATE _live_meta SET format = ? WHERE id = 0"
	getSeqSQL    = "SELECT seq FROM _live_meta WHERE id = 0"
	setSeqSQL    = "UPDATE _live_meta SET seq = ? WHERE id = 0"

	metaFormat = 2
)

// adaptMeta makes the table, or adapts it to its present format, and returns the sequence of the last commit.
func adaptMeta(c *conn) (seq uint64, err error) {
	if err := c.script(createMetaSQL); err != nil {
		return 0, err
	}
	row, err := c.one(getMetaSQL)
	if err != nil {
		return 0, err
	}
	if row == nil {
		_, err := c.exec(putMetaSQL, int64(metaFormat))
		return 0, err
	}
	seq = uint64(row[0].(int64))
	switch format := row[1].(int64); {
	case format > metaFormat:
		return 0, fmt.Errorf("%w: it was written by a newer version of Live; run that version or a later one", store.ErrDrift)
	case format == metaFormat:
		return seq, nil
	}
	for _, column := range []string{"epoch", "run", "state"} {
		if err := c.script("ALTER TABLE _live_meta DROP COLUMN " + column); err != nil {
			return 0, err
		}
	}
	_, err = c.exec(setFormatSQL, int64(metaFormat))
	return seq, err
}
