package livequery

import (
	"bytes"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// maxHistory is how many changes of a table are remembered for Changed; those from before count as changes of every row. Tables
// that nobody has watched are not remembered.
const maxHistory = 1024

// pastChanges is the last changes of one table.
type pastChanges struct {
	floor uint64 // changes up to this commit are forgotten
	list  []past
}

// past is one change that was.
type past struct {
	seq           uint64
	before, after relation.Row
}

// remember needs the lock.
func (ws *watches) remember(ch *store.Change, seq uint64) {
	h := ws.changed[ch.Table.Name]
	if h == nil {
		if ws.changed == nil {
			ws.changed = map[string]*pastChanges{}
		}
		h = &pastChanges{}
		ws.changed[ch.Table.Name] = h
	}
	if ws.tables[ch.Table.Name] == nil {
		h.floor = seq
		return
	}
	if len(h.list) == maxHistory {
		half := maxHistory / 2
		h.floor = h.list[half-1].seq
		h.list = append(h.list[:0], h.list[half:]...)
		clear(h.list[len(h.list):maxHistory])
	}
	h.list = append(h.list, past{seq, ch.Before, ch.After})
}

// Changed tells whether a commit behind since, of those that watchers have been told of, may have changed what a dependency
// names. Where that is not known any more it has.
func (e *Engine) Changed(d Dependency, since uint64) bool {
	ws := &e.watches
	ws.mu.Lock()
	defer ws.mu.Unlock()
	h := ws.changed[d.Table.Name]
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
	for i := len(h.list) - 1; i >= 0 && h.list[i].seq > since; i-- {
		for _, row := range [...]relation.Row{h.list[i].before, h.list[i].after} {
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
