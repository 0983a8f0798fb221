package livequery

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// watches finds watchers by what they watch: for each table, for each set of columns, by the values. They are notified as commits come
// from the store, before any result of the commit is sent, so that what depends on a changed row can be held back in time.
type watches struct {
	notifying sync.Mutex // held while watchers are called; before mu
	closed    bool
	due       []*watcher // of the commit at hand

	mu     sync.Mutex // never held while a watcher is called
	tables map[string][]*watchSet
	logs   map[string]*changeLog // by table
	buf    []byte

	notified watermark
}

type watchSet struct {
	cols []int
	by   map[string]map[*watcher]struct{}
}

// watcher is one call of Watch.
type watcher struct {
	fn       func()
	notified uint64 // the last commit that it was notified of
}

// Watch calls fn for each commit that may change what deps name, until cancel: in the order of commits, before the calls in the commit
// are answered and before any window shows the change. fn must not block. One call may still come after cancel, if it has begun
// before.
func (e *Engine) Watch(deps []store.Dependency, fn func()) (cancel func()) {
	w := &watcher{fn: fn}
	type slot struct {
		set *watchSet
		key string
	}
	slots := make([]slot, 0, len(deps))
	ws := &e.watches
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, d := range deps {
		set := ws.set(d.Table.Name, d.Cols)
		var b []byte
		for _, v := range d.Values {
			b = eval.AppendKey(b, v)
		}
		key := string(b)
		if set.by[key] == nil {
			set.by[key] = map[*watcher]struct{}{}
		}
		set.by[key][w] = struct{}{}
		slots = append(slots, slot{set, key})
	}
	return func() {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		for _, s := range slots {
			delete(s.set.by[s.key], w)
			if len(s.set.by[s.key]) == 0 {
				delete(s.set.by, s.key)
			}
		}
	}
}

// set finds or makes the set of a table for columns. It needs the lock.
func (ws *watches) set(table string, cols []int) *watchSet {
	for _, s := range ws.tables[table] {
		if slices.Equal(s.cols, cols) {
			return s
		}
	}
	s := &watchSet{cols: cols, by: map[string]map[*watcher]struct{}{}}
	if ws.tables == nil {
		ws.tables = map[string][]*watchSet{}
	}
	ws.tables[table] = append(ws.tables[table], s)
	return s
}

// notify calls the watchers that a commit concerns. It is called for one commit after the other.
func (ws *watches) notify(c *store.Commit) {
	ws.notifying.Lock()
	defer ws.notifying.Unlock()
	if !ws.closed {
		ws.find(c)
		for i, w := range ws.due {
			ws.due[i] = nil
			w.fn()
		}
		ws.due = ws.due[:0]
	}
	ws.notified.advance(c.Seq)
}

// find collects the watchers that a commit concerns.
func (ws *watches) find(c *store.Commit) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for i := range c.Changes {
		ch := &c.Changes[i]
		ws.record(ch, c.Seq)
		for _, s := range ws.tables[ch.Table.Name] {
			if len(s.by) == 0 {
				continue
			}
			for _, row := range [...]relation.Row{ch.Before, ch.After} {
				if row == nil {
					continue
				}
				ws.buf = ws.buf[:0]
				for _, col := range s.cols {
					ws.buf = eval.AppendKey(ws.buf, row[col])
				}
				for w := range s.by[string(ws.buf)] {
					if w.notified != c.Seq {
						w.notified = c.Seq
						ws.due = append(ws.due, w)
					}
				}
			}
		}
	}
}

// close ends the notifications. When it returns no watcher is being called.
func (ws *watches) close() {
	ws.notifying.Lock()
	defer ws.notifying.Unlock()
	ws.closed = true
}
