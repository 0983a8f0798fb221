package store

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
)

// Change is the net change of one row: Before is nil for an insert, After for a delete. The key identifies a row: an update of the key is a
// delete of one row and an insert of another, so if Before and After are both set, they have the same key.
type Change struct {
	Table  *relation.Table
	Before relation.Row
	After  relation.Row
}

// Changes collects the net row changes of one transaction. A store records in it what the call and the hooks change. The zero value has
// no changes and no hooks.
type Changes struct {
	Hooks []CommitHook // of the store; must be set before the first change

	index map[rowID]int // into list
	list  []Change
	log   []step // all steps, in order; empty without hooks
	buf   []byte
}

// rowID names a row by its table and its key.
type rowID struct {
	table *relation.Table
	key   string
}

// step is one recorded change.
type step struct {
	at     int          // of the row in list
	before relation.Row // the row before; nil if there was none
}

// Insert records that a row was inserted.
func (c *Changes) Insert(t *relation.Table, row relation.Row) { c.record(t, row, nil, row) }

// Update records that a row was updated. Its key may have changed.
func (c *Changes) Update(t *relation.Table, old, new relation.Row) {
	if sameKey(t, old, new) {
		c.record(t, old, old, new)
		return
	}
	c.Delete(t, old)
	c.Insert(t, new)
}

// Delete records that a row was deleted.
func (c *Changes) Delete(t *relation.Table, row relation.Row) { c.record(t, row, row, nil) }

// record records that the row with the key of id has become after.
func (c *Changes) record(t *relation.Table, id, before, after relation.Row) {
	row := rowID{table: t, key: c.keyOf(t, id)}
	at, known := c.index[row]
	if known {
		before, c.list[at].After = c.list[at].After, after
	} else {
		if c.index == nil {
			c.index = map[rowID]int{}
		}
		at = len(c.list)
		c.index[row] = at
		c.list = append(c.list, Change{Table: t, Before: before, After: after})
	}
	if c.Hooks != nil {
		c.log = append(c.log, step{at: at, before: before})
	}
}

// Net gives the changes: at most one for each row, in the order of the first change of each. A row that is as it was before has none.
// Nothing may be recorded after Net.
func (c *Changes) Net() []Change {
	out := c.list[:0]
	for _, ch := range c.list {
		if !ch.nothing() {
			out = append(out, ch)
		}
	}
	return out
}

// since gives the net changes of the steps after the first n.
func (c *Changes) since(n int) (out []Change) {
	if n == len(c.log) {
		return nil
	}
	seen := make([]bool, len(c.list))
	for _, s := range c.log[n:] {
		if seen[s.at] {
			continue
		}
		seen[s.at] = true
		ch := c.list[s.at]
		if ch.Before = s.before; !ch.nothing() {
			out = append(out, ch)
		}
	}
	return out
}

// nothing reports whether a row is as it was before. In a table with secrets, an update counts even so: otherwise those who may set a
// secret could find out that they have guessed it, since there would be no commit.
func (ch *Change) nothing() bool {
	switch {
	case ch.Before == nil && ch.After == nil:
		return true
	case ch.Before == nil || ch.After == nil:
		return false
	}
	return relation.SameRow(ch.Before, ch.After) && !ch.Table.HasSecrets()
}

func (c *Changes) keyOf(t *relation.Table, r relation.Row) string {
	b := c.buf[:0]
	for _, col := range t.Key {
		b = eval.AppendKey(b, r[col])
	}
	c.buf = b
	return string(b)
}

func sameKey(t *relation.Table, a, b relation.Row) bool {
	for _, c := range t.Key {
		if !relation.Same(a[c], b[c]) {
			return false
		}
	}
	return true
}
