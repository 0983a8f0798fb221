package sqlite

import (
	"context"
	sqldriver "database/sql/driver"
	"fmt"
	"iter"
	"strconv"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// tx is what one fn sees of its connection.
type tx struct {
	ctx     context.Context
	c       *conn
	seq     uint64
	changes *changes // nil for a reader
	touched map[string]uint64
	depth   int   // open savepoints
	dirty   bool  // a system table was written
	failed  error // the database failed in a way after which this transaction cannot go on
	over    bool
}

var (
	_ store.Tx      = (*tx)(nil)
	_ store.Toucher = (*tx)(nil)
)

func (t *tx) Seq() uint64 { return t.seq }

// Touched implements store.Toucher; a reader knows of nothing.
func (t *tx) Touched(table *relation.Table) uint64 {
	if t.changes == nil {
		return t.seq
	}
	return t.touched[table.Name]
}

func (t *tx) Query(q *relation.Query, params ...relation.Value) ([]relation.Row, error) {
	args, err := queryArgs(q, params)
	if err != nil {
		return nil, err
	}
	rows, err := t.rows(q.SQL, args, q.Out)
	return rows, about(q.Name, err)
}

func (t *tx) Each(q *relation.Query, params ...relation.Value) iter.Seq2[relation.Row, error] {
	return func(yield func(relation.Row, error) bool) {
		args, err := queryArgs(q, params)
		if err != nil {
			yield(nil, err)
			return
		}
		stopped := false
		err = t.each(q.SQL, args, q.Out, func(r relation.Row) bool {
			stopped = !yield(r, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(nil, about(q.Name, err))
		}
	}
}

func (t *tx) Run(st *relation.Statement, binds ...relation.Value) ([]relation.Row, error) {
	args, err := bindAll(binds)
	if err != nil {
		return nil, err
	}
	rows, err := t.rows(st.SQL, args, st.Out)
	return rows, about(st.Role, err)
}

func (t *tx) Get(table *relation.Table, key relation.Row) (relation.Row, error) {
	args, err := bindAll(key)
	if err != nil {
		return nil, err
	}
	var row relation.Row
	err = t.each(table.SQL.Get, args, table.Columns, func(r relation.Row) bool {
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
	if _, err := t.exec(table.SQL.Insert, args); err != nil {
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
	n, err := t.exec(table.SQL.Update, args)
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
	n, err := t.exec(table.SQL.Delete, args)
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
	case before != nil && after != nil:
		t.changes.update(table, before, after)
	default:
		t.changes.record(table, before, after)
	}
}

func (t *tx) Savepoint(fn func() error) error {
	if err := t.usable(); err != nil {
		return err
	}
	if t.changes == nil {
		return fn() // a reader has nothing to undo
	}
	if err := t.push(); err != nil {
		return err
	}
	mark, depth, returned := t.changes.mark(), t.depth, false
	defer func() {
		if !returned { // fn panicked; what pop cannot undo, the end of the call does
			_ = t.pop(depth, mark, true)
		}
	}()
	err := fn()
	returned = true
	if e := t.pop(depth, mark, err != nil); e != nil {
		return e
	}
	return err
}

// push opens a savepoint, below it the one of the whole call if that is not open yet.
func (t *tx) push() error {
	if err := t.begin(); err != nil {
		return err
	}
	if t.depth == len(savepointSQL) {
		return fmt.Errorf("more than %d savepoints within each other", len(savepointSQL)-1)
	}
	if _, err := t.c.exec(savepointSQL[t.depth]); err != nil {
		return t.fail(err)
	}
	t.depth++
	return nil
}

// begin opens the savepoint of the whole call before its first write: a call that writes nothing needs none.
func (t *tx) begin() error {
	if t.depth > 0 {
		return nil
	}
	if _, err := t.c.exec(savepointSQL[0]); err != nil {
		return t.fail(err)
	}
	t.depth = 1
	return nil
}

// pop closes the innermost savepoint, the one that made the depth.
func (t *tx) pop(depth, mark int, undo bool) error {
	t.depth = depth - 1
	if t.failed != nil {
		return t.failed
	}
	if undo {
		t.changes.back(mark)
		if _, err := t.c.exec(rollbackSQL[t.depth]); err != nil {
			return t.fail(err)
		}
	}
	if _, err := t.c.exec(releaseSQL[t.depth]); err != nil {
		return t.fail(err)
	}
	return nil
}

// end closes the savepoint of the whole call and tells whether the group can go on.
func (t *tx) end(undo bool) bool {
	t.over = true
	if t.depth == 0 {
		return t.failed == nil
	}
	if undo {
		if _, err := t.c.exec(rollbackSQL[0]); err != nil {
			return false
		}
	}
	_, err := t.c.exec(releaseSQL[0])
	return err == nil
}

func (t *tx) exec(text string, args []any) (int64, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	if t.changes == nil {
		return 0, errReadOnly
	}
	// A call must not hold up all others for longer than it may take. Who has gone away is another matter: what has begun goes on.
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
	err = t.each(text, args, out, func(r relation.Row) bool {
		rows = append(rows, r)
		return true
	})
	return rows, err
}

func (t *tx) each(text string, args []any, out relation.Schema, yield func(relation.Row) bool) error {
	if err := t.usable(); err != nil {
		return err
	}
	var bad error
	err := t.c.query(t.ctx, text, args, func(from []sqldriver.Value) bool {
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
	if t.over {
		return errTxOver
	}
	return t.failed
}

// fail remembers an error after which SQLite may have undone the whole transaction by itself, so that no further statement runs outside of one.
func (t *tx) fail(err error) error {
	t.failed = classify(err)
	return t.failed
}

func queryArgs(q *relation.Query, params []relation.Value) ([]any, error) {
	if len(params) != len(q.Params) {
		return nil, fmt.Errorf("%s: %d parameters where %d are expected", q.Name, len(params), len(q.Params))
	}
	args := make([]any, len(q.Binds))
	for i, p := range q.Binds {
		b, err := bind(params[p])
		if err != nil {
			return nil, fmt.Errorf("%s: parameter %s: %w", q.Name, q.Params[p].Name, err)
		}
		args[i] = b
	}
	return args, nil
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
			return fmt.Errorf("%s: there is no row with the key, which is secret", t.Name)
		}
	}
	return fmt.Errorf("%s: there is no row with the key %v", t.Name, t.KeyOf(row))
}

// Savepoints by depth; the first is that of the whole call.
var savepointSQL, rollbackSQL, releaseSQL [32]string

func init() {
	for i := range savepointSQL {
		n := strconv.Itoa(i)
		savepointSQL[i], rollbackSQL[i], releaseSQL[i] = "SAVEPOINT s"+n, "ROLLBACK TO s"+n, "RELEASE s"+n
	}
}
