package sqlite

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// changes collects the net row changes of one transaction, and can go back to a savepoint.
type changes struct {
	index map[rowID]int // into list
	list  []store.Change
	undo  []undone
	buf   []byte
}

// rowID names a row by its table and its key.
type rowID struct {
	table *relation.Table
	key   string
}

// undone is what one change replaced: the After that entry at had before, or that there was no entry.
type undone struct {
	id    rowID
	at    int
	after relation.Row
	fresh bool
}

// record notes that a row has become another: before is nil for an insert, after for a delete.
func (c *changes) record(t *relation.Table, before, after relation.Row) {
	row := after
	if row == nil {
		row = before
	}
	id := rowID{table: t, key: c.keyOf(t, row)}
	if at, ok := c.index[id]; ok {
		c.undo = append(c.undo, undone{at: at, after: c.list[at].After})
		c.list[at].After = after
		return
	}
	if c.index == nil {
		c.index = map[rowID]int{}
	}
	c.index[id] = len(c.list)
	c.undo = append(c.undo, undone{id: id, fresh: true})
	c.list = append(c.list, store.Change{Table: t, Before: before, After: after})
}

// update notes an update, which may have changed the key.
func (c *changes) update(t *relation.Table, old, new relation.Row) {
	if sameKey(t, old, new) {
		c.record(t, old, new)
		return
	}
	c.record(t, old, nil)
	c.record(t, nil, new)
}

// mark is the present point, for back.
func (c *changes) mark() int { return len(c.undo) }

// back forgets what was recorded since mark.
func (c *changes) back(mark int) {
	for i := len(c.undo) - 1; i >= mark; i-- {
		u := c.undo[i]
		if u.fresh {
			delete(c.index, u.id)
			c.list = c.list[:len(c.list)-1]
		} else {
			c.list[u.at].After = u.after
		}
	}
	c.undo = c.undo[:mark]
}

// net is the changes without those that came to nothing. An update of a table with secrets that leaves a row as it was counts as
// a change all the same: else whoever may set a secret could tell a right guess by there
// being no commit.
func (c *changes) net() []store.Change {
	out := c.list[:0]
	for _, ch := range c.list {
		if ch.Before == nil && ch.After == nil || ch.Before != nil && ch.After != nil && relation.SameRow(ch.Before, ch.After) && !ch.Table.HasSecrets() {
			continue
		}
		out = append(out, ch)
	}
	return out
}

func (c *changes) keyOf(t *relation.Table, r relation.Row) string {
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
