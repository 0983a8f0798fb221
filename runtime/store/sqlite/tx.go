package sqlite

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/livec-lang/livec/limits"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/sql"
	"github.com/livec-lang/livec/runtime/store"
)

// tx is the transaction of one call, on the connection of the writer or of a reader.
type tx struct {
	ctx     context.Context
	c       *conn
	seq     uint64
	changes *store.Changes // nil for a reader
	touched map[string]uint64

	deadline time.Time          // when it is stopped; zero: never
	limited  context.Context    // ends at the deadline; nil before the first query
	cancel   context.CancelFunc // of limited

	open   bool  // its savepoint was made
	dirty  bool  // a hidden table was written
	failed error // an error of the database after which this transaction cannot go on
	over   bool
}

var (
	_ store.Tx      = (*tx)(nil)
	_ store.Toucher = (*tx)(nil)
	_ store.Bounded = (*tx)(nil)
	_ store.Writer  = (*tx)(nil)
)

// deadline is when a transaction that begins now is stopped.
func deadline(turn *store.Turn, now time.Time, limit time.Duration) time.Time {
	if turn.Kind == store.Own || limit < 0 {
		return time.Time{}
	}
	return now.Add(limit)
}

// Deadline implements store.Bounded.
func (t *tx) Deadline() time.Time { return t.deadline }

// Wrote implements store.Writer.
func (t *tx) Wrote() bool { return t.open }

func (t *tx) Seq() uint64 { return t.seq }

// Touched implements store.Toucher. For a reader it is the last commit that the reader sees.
func (t *tx) Touched(table *relation.Table) uint64 {
	if t.changes == nil {
		return t.seq
	}
	return t.touched[table.Name]
}

func (t *tx) Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	if len(params) != len(q.Params) {
		return nil, fmt.Errorf("%s: %d parameters where %d are expected", q.Name, len(params), len(q.Params))
	}
	prepared, err := t.c.statements.query(q)
	if err != nil {
		return nil, about(q.Name, err)
	}
	rows, err := prepared.Run(params, func(st *sql.Statement) ([]relation.Row, error) {
		args := make([]any, len(st.Binds))
		for i, p := range st.Binds {
			b, err := bind(params[p])
			if err != nil {
				return nil, fmt.Errorf("parameter %s: %w", q.Params[p].Name, err)
			}
			args[i] = b
		}
		return t.rows(st.SQL, args, st.Out)
	})
	return rows, about(q.Name, err)
}

func (t *tx) Get(table *relation.Table, key relation.Row) (relation.Row, error) {
	args, err := bindAll(key)
	if err != nil {
		return nil, err
	}
	var row relation.Row
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	// One row is found at once, and watching a context costs more than that.
	err = t.each(context.Background(), t.c.statements.table(table).Get, args, table.Columns, func(r relation.Row) bool {
		row = r
		return false
	})
	return row, about(table.Name, err)
}

func (t *tx) Insert(table *relation.Table, row relation.Row) error {
	args, err := bindAll(row)
	if err != nil {
		return about(table.Name, err)
	}
	if _, err := t.exec(t.c.statements.table(table).Insert, args); err != nil {
		return about(table.Name, err)
	}
	t.record(table, nil, row)
	return nil
}

func (t *tx) Update(table *relation.Table, old, new relation.Row) error {
	args, err := bindAll(append(new[:len(new):len(new)], table.KeyOf(old)...))
	if err != nil {
		return about(table.Name, err)
	}
	n, err := t.exec(t.c.statements.table(table).Update, args)
	if err != nil {
		return about(table.Name, err)
	}
	if n != 1 {
		return noSuchRow(table, old)
	}
	t.record(table, old, new)
	return nil
}

func (t *tx) Delete(table *relation.Table, old relation.Row) error {
	args, err := bindAll(table.KeyOf(old))
	if err != nil {
		return about(table.Name, err)
	}
	n, err := t.exec(t.c.statements.table(table).Delete, args)
	if err != nil {
		return about(table.Name, err)
	}
	if n != 1 {
		return noSuchRow(table, old)
	}
	t.record(table, old, nil)
	return nil
}

func (t *tx) record(table *relation.Table, before, after relation.Row) {
	switch {
	case table.Hidden:
		t.dirty = true
	case before == nil:
		t.changes.Insert(table, after)
	case after == nil:
		t.changes.Delete(table, before)
	default:
		t.changes.Update(table, before, after)
	}
}

// begin opens the savepoint of the call before its first write. A call that writes nothing needs none.
func (t *tx) begin() error {
	if t.open {
		return nil
	}
	if _, err := t.c.exec(savepointSQL); err != nil {
		return t.fail(err)
	}
	t.open = true
	return nil
}

// close ends the transaction for who still has it.
func (t *tx) close() {
	t.over = true
	if t.cancel != nil {
		t.cancel()
	}
}

// end closes the savepoint of the call. It reports whether the group can go on.
func (t *tx) end(undo bool) bool {
	t.close()
	if !t.open {
		return t.failed == nil
	}
	if undo {
		if _, err := t.c.exec(rollbackSQL); err != nil {
			return false
		}
	}
	_, err := t.c.exec(releaseSQL)
	return err == nil
}

func (t *tx) exec(text string, args []any) (int64, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	if t.changes == nil {
		return 0, errReadOnly
	}
	// All other writes wait for this call, so it ends at its deadline. It goes on if its caller has only gone away.
	if err := t.ctx.Err(); err == context.DeadlineExceeded {
		return 0, err
	}
	if err := t.begin(); err != nil {
		return 0, err
	}
	n, err := t.c.exec(text, args...)
	if err != nil && !isConstraint(err) {
		return 0, t.fail(err)
	}
	return n, classify(err)
}

func (t *tx) rows(text string, args []any, out relation.Schema) (rows []relation.Row, err error) {
	if !t.deadline.IsZero() && t.limited == nil {
		t.limited, t.cancel = context.WithDeadline(t.ctx, t.deadline)
	}
	ctx := t.limited
	if ctx == nil {
		ctx = t.ctx
	}
	turn, bytes := store.TurnOf(t.ctx), 0
	most := turn.Most
	var large, waiting error
	err = t.each(ctx, text, args, out, func(r relation.Row) bool {
		if len(rows)%rowsEach == rowsEach-1 {
			if waiting = turn.Step(ctx, time.Now(), time.Time{}); waiting != nil { // ctx ends at the deadline
				return false
			}
		}
		if most.Rows > 0 && len(rows) == most.Rows {
			large = &store.TooLarge{Most: most}
			return false
		}
		if most.Bytes > 0 {
			if bytes += r.Size(); bytes > most.Bytes {
				large = &store.TooLarge{Most: most, Bytes: true}
				return false
			}
		}
		rows = append(rows, r)
		return true
	})
	if large != nil {
		return nil, large
	}
	if waiting != nil {
		err = waiting
	}
	if errors.Is(err, context.DeadlineExceeded) && t.ctx.Err() == nil {
		err = t.overtime()
	}
	return rows, err
}

// rowsEach is how many rows are read between two looks at whether the transaction takes long.
const rowsEach = 256

func (t *tx) each(ctx context.Context, text string, args []any, out relation.Schema, yield func(relation.Row) bool) error {
	if err := t.usable(); err != nil {
		return err
	}
	var bad error
	err := t.c.query(ctx, text, args, func(from []sqldriver.Value) bool {
		row, err := scan(out, from)
		if err != nil {
			bad = err
			return false
		}
		return yield(row)
	})
	if bad != nil {
		return bad
	}
	return classify(err)
}

func (t *tx) usable() error {
	switch {
	case t.over:
		return errTxOver
	case t.failed != nil:
		return t.failed
	case !t.deadline.IsZero() && time.Now().After(t.deadline):
		return t.overtime()
	}
	return nil
}

// overtime is the error of a transaction that has taken too long.
func (t *tx) overtime() error {
	if t.changes != nil {
		return &store.Overtime{Limit: limits.MaxWriteTime}
	}
	return &store.Overtime{Limit: limits.MaxReadTime}
}

// fail remembers an error after which SQLite may have ended the whole transaction, so that no further statement runs outside of one.
func (t *tx) fail(err error) error {
	t.failed = classify(err)
	return t.failed
}

// about says which table or query an error is about.
func about(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func noSuchRow(t *relation.Table, row relation.Row) error {
	for _, c := range t.Key {
		if t.Columns[c].Secret {
			return fmt.Errorf("%s: there is no row with this key, which is secret", t.Name)
		}
	}
	return fmt.Errorf("%s: there is no row with the key %v", t.Name, t.KeyOf(row))
}

// The savepoint of a call.
const (
	savepointSQL = "SAVEPOINT call"
	rollbackSQL  = "ROLLBACK TO call"
	releaseSQL   = "RELEASE call"
)
