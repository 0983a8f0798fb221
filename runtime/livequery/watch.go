package livequery

import (
	"slices"
	"sync"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// Dependency is rows of a table that somebody has read: those whose columns have these values. No columns: any row.
type Dependency struct {
	Table  *relation.Table
	Cols   []int
	Values []relation.Value
}

// watches finds watchers by what they watch: for each table, for each set of columns, by the values. Commits are noted as they
// come from the store, before anything that they lead to leaves, so that what rests on rows that a commit has changed can be
// held back in time.
type watches struct {
	noting sync.Mutex // held while watchers are called; before mu
	closed bool
	due    []*watcher // of the commit at hand

	mu      sync.Mutex // never held while a watcher is called
	tables  map[string][]*watchSet
	changed map[string]*pastChanges // by table
	buf     []byte

	noted mark
}

type watchSet struct {
	cols []int
	by   map[string]map[*watcher]struct{}
}

// watcher is one call of Watch.
type watcher struct {
	fn func()
	at uint64 // the last commit it was told of
}

// Watch has fn called for each commit that may change what deps name, until cancel: in the order of commits, before the calls
// in the commit are answered and before any window shows what it has changed. fn must not block. A call that is under way may
// still come after cancel.
func (e *Engine) Watch(deps []Dependency, fn func()) (cancel func()) {
	w := &watcher{fn: fn}
	type place struct {
		set *watchSet
		key string
	}
	places := make([]place, 0, len(deps))
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
		places = append(places, place{set, key})
	}
	return func() {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		for _, p := range places {
			delete(p.set.by[p.key], w)
			if len(p.set.by[p.key]) == 0 {
				delete(p.set.by, p.key)
			}
		}
	}
}

// set is the set of a table for columns, which is made if it is not there. It needs the lock.
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

// note tells those whom a commit concerns. The store calls it for one commit after the other.
func (ws *watches) note(c *store.Commit) {
	ws.noting.Lock()
	defer ws.noting.Unlock()
	if !ws.closed {
		ws.find(c)
		for i, w := range ws.due {
			ws.due[i] = nil
			w.fn()
		}
		ws.due = ws.due[:0]
	}
	ws.noted.reach(c.Seq)
}

// find collects those whom a commit concerns.
func (ws *watches) find(c *store.Commit) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for i := range c.Changes {
		ch := &c.Changes[i]
		ws.remember(ch, c.Seq)
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
					if w.at != c.Seq {
						w.at = c.Seq
						ws.due = append(ws.due, w)
					}
				}
			}
		}
	}
}

// close has nobody told any more. When it returns nobody is being told.
func (ws *watches) close() {
	ws.noting.Lock()
	defer ws.noting.Unlock()
	ws.closed = true
}
