package sqlite

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/livec-lang/livec/runtime/store"
)

// _live_meta is one row about the database as a whole.
//
//	epoch   names this history of sequences
//	seq     of the last commit
//	run     a random name of the server process that opened it last; the lock file holds the same
//	state   "closed" after an orderly end, else how commits were made: "durable" or "relaxed"
//	format  of the runtime's own tables
const (
	createMetaSQL = `CREATE TABLE IF NOT EXISTS _live_meta (
  id INTEGER PRIMARY KEY CHECK (id = 0),
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  run TEXT NOT NULL,
  state TEXT NOT NULL,
  format INTEGER NOT NULL
)`
	getMetaSQL  = "SELECT epoch, seq, run, state, format FROM _live_meta WHERE id = 0"
	putMetaSQL  = "INSERT OR REPLACE INTO _live_meta (id, epoch, seq, run, state, format) VALUES (0, ?, ?, ?, ?, ?)"
	getSeqSQL   = "SELECT seq FROM _live_meta WHERE id = 0"
	setSeqSQL   = "UPDATE _live_meta SET seq = ? WHERE id = 0"
	setStateSQL = "UPDATE _live_meta SET state = ? WHERE id = 0"

	metaFormat = 1
)

const (
	stateClosed  = "closed"
	stateDurable = "durable"
	stateRelaxed = "relaxed"
)

var errNoMeta = errors.New("the database has lost its row in _live_meta")

type meta struct {
	epoch string
	seq   uint64
	run   string
	state string
}

// startMeta reads the row inside an open transaction, chooses the epoch and writes the row for this run.
//
// Sequences that clients have seen must not be given out a second time for other commits. Durable commits cannot be lost, so that a crash keeps the epoch. It changes where
// sequences may have been lost: after a crash with relaxed durability, and when the file is not the one that the last run on this path has written, as after restoring a
// backup; lastRun is what that run has left in the lock file.
func startMeta(c *conn, lastRun string, relaxed bool) (meta, error) {
	if err := c.script(createMetaSQL); err != nil {
		return meta{}, err
	}
	row, err := c.one(getMetaSQL)
	if err != nil {
		return meta{}, err
	}
	m := meta{run: uuid.NewString(), state: stateDurable}
	if relaxed {
		m.state = stateRelaxed
	}
	switch {
	case row == nil:
		m.epoch = uuid.NewString()
	case row[4].(int64) > metaFormat:
		return meta{}, fmt.Errorf("%w: it was written by a newer version of Live; run that version or a later one", store.ErrDrift)
	default:
		m.epoch, m.seq = row[0].(string), uint64(row[1].(int64))
		if lastRun != row[2].(string) || row[3].(string) == stateRelaxed {
			m.epoch = uuid.NewString()
		}
	}
	_, err = c.exec(putMetaSQL, m.epoch, int64(m.seq), m.run, m.state, int64(metaFormat))
	return m, err
}
