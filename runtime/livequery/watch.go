package livequery

import (
	"slices"

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

// watches finds watchers by what they watch: for each table, for each set of columns, by the values.
type watches struct {
	tables map[string][]*watchSet
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

// Watch has fn called after each commit that may change what deps name, until cancel. fn must not block. A call that is under way may still come after cancel.
func (e *Engine) Watch(deps []Dependency, fn func()) (cancel func()) {
	w := &watcher{fn: fn}
	type place struct {
		set *watchSet
		key string
	}
	var places []place
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, d := range deps {
		set := e.watches.set(d.Table.Name, d.Cols)
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
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, p := range places {
			delete(p.set.by[p.key], w)
			if len(p.set.by[p.key]) == 0 {
				delete(p.set.by, p.key)
			}
		}
	}
}

// set is the set of a table for columns, which is made if it is not there.
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

// watched notes whom a change concerns. It needs the engine's lock.
func (r *router) watched(ws *watches, ch *store.Change, seq uint64) {
	for _, s := range ws.tables[ch.Table.Name] {
		if len(s.by) == 0 {
			continue
		}
		for _, row := range [...]relation.Row{ch.Before, ch.After} {
			if row == nil {
				continue
			}
			for w := range s.by[string(r.key(row, s.cols))] {
				if w.at != seq {
					w.at = seq
					r.fns = append(r.fns, w.fn)
				}
			}
		}
	}
}
