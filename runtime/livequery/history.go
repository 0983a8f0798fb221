package livequery

import (
	"bytes"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// maxHistory is how many changes of a table are kept for Changed. Older ones count as changes of every row. No changes are kept of
// tables that nobody has watched.
const maxHistory = 1024

// changeLog is the last changes of one table.
type changeLog struct {
	floor   uint64 // changes up to this commit are not in the log any more
	changes []logged
}

// logged is one change.
type logged struct {
	seq           uint64
	before, after relation.Row
}

// record adds a change to the log of its table. It needs the lock.
func (ws *watches) record(ch *store.Change, seq uint64) {
	h := ws.logs[ch.Table.Name]
	if h == nil {
		if ws.logs == nil {
			ws.logs = map[string]*changeLog{}
		}
		h = &changeLog{}
		ws.logs[ch.Table.Name] = h
	}
	if ws.tables[ch.Table.Name] == nil {
		h.floor = seq
		return
	}
	if len(h.changes) == maxHistory {
		half := maxHistory / 2
		h.floor = h.changes[half-1].seq
		h.changes = append(h.changes[:0], h.changes[half:]...)
		clear(h.changes[len(h.changes):maxHistory])
	}
	h.changes = append(h.changes, logged{seq, ch.Before, ch.After})
}

// Changed reports whether a commit after since, of those that watchers were notified of, may have changed what a dependency names. It is
// true if that is not known any more.
func (e *Engine) Changed(d store.Dependency, since uint64) bool {
	ws := &e.watches
	ws.mu.Lock()
	defer ws.mu.Unlock()
	h := ws.logs[d.Table.Name]
	switch {
	case h == nil:
		return false
	case h.floor > since:
		return true
	}
	var want []byte
	for _, v := range d.Values {
		want = eval.AppendKey(want, v)
	}
	for i := len(h.changes) - 1; i >= 0 && h.changes[i].seq > since; i-- {
		for _, row := range [...]relation.Row{h.changes[i].before, h.changes[i].after} {
			if row == nil {
				continue
			}
			ws.buf = ws.buf[:0]
			for _, col := range d.Cols {
				ws.buf = eval.AppendKey(ws.buf, row[col])
			}
			if bytes.Equal(ws.buf, want) {
				return true
			}
		}
	}
	return false
}
