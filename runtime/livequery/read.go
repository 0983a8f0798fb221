package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

func (r *rows) refresh(tx store.Tx) error {
	if !r.reload && r.statements() > max(8, len(r.rows)/4) {
		r.reload = true
	}
	if r.reload {
		return r.load(tx)
	}
	for d, keys := range r.dirtyDeps {
		for key, values := range keys {
			if err := r.readLookup(tx, d, key, values); err != nil {
				return err
			}
		}
	}
	r.dirtyDeps = nil
	for key, keys := range r.dirty {
		if err := r.reread(tx, key, keys); err != nil {
			return err
		}
	}
	r.dirty = nil
	r.trim()
	if r.underfull() {
		return r.refill(tx)
	}
	return nil
}

// statements is how many statements it takes to read what is dirty.
func (r *rows) statements() int {
	n := len(r.dirty)
	for _, keys := range r.dirtyDeps {
		n += len(keys)
	}
	return n
}

// load reads the whole window.
func (r *rows) load(tx store.Tx) error {
	var limit []relation.Value
	if r.limit > 0 {
		limit = append(limit, int64(r.keep)+1)
	}
	found, err := r.p.fetch(tx, relation.Role{Kind: relation.WindowRole}, r.w.params.Values, limit...)
	if err != nil {
		return err
	}
	for _, e := range r.rows {
		r.unregister(e)
	}
	old := r.by
	r.clear()
	r.complete, r.bound = true, nil
	if r.limit > 0 && len(found) > r.keep {
		found, r.complete = found[:r.keep], false
	}
	for _, row := range found {
		r.add(row, old)
	}
	if !r.complete {
		r.bound = r.rows[len(r.rows)-1].position
	}
	r.reload, r.dirty, r.dirtyDeps = false, nil, nil
	return nil
}

// refill reads the rows after the bound.
func (r *rows) refill(tx store.Tx) error {
	want := r.keep - len(r.rows)
	after := append(slices.Clip(r.bound), int64(want))
	found, err := r.p.fetch(tx, relation.Role{Kind: relation.RefillRole}, r.w.params.Values, after...)
	if err != nil {
		return err
	}
	for _, row := range found {
		r.bound = r.add(row, nil).position
	}
	r.complete = len(found) < want
	return nil
}

// reread reads the result of one row of the table.
func (r *rows) reread(tx store.Tx, key string, keys relation.Row) error {
	found, err := r.p.fetch(tx, relation.Role{Kind: relation.RowRole}, r.w.params.Values, keys...)
	if err != nil {
		return err
	}
	old := map[string]*item{key: r.by[key]}
	r.evict(key)
	for _, row := range found {
		r.addWithin(row, old)
	}
	return nil
}

// readLookup reads the first rows that depend on certain values.
func (r *rows) readLookup(tx store.Tx, d int, key string, values []relation.Value) error {
	more := slices.Clip(values)
	if r.limit > 0 {
		more = append(more, int64(r.keep))
	}
	found, err := r.p.fetch(tx, relation.Role{Kind: relation.DepRole, Dep: d}, r.w.params.Values, more...)
	if err != nil {
		return err
	}
	old := map[string]*item{}
	for _, e := range append([]*item(nil), r.rows...) {
		if e.deps[d] == key {
			old[e.key] = e
			r.evict(e.key)
		}
	}
	var last *item
	for _, row := range found {
		last = r.addWithin(row, old)
	}
	if r.limit > 0 && len(found) == r.keep {
		r.shrink(last.position) // there may be more of these rows after it
	}
	return nil
}

// shrink moves the bound back to a position.
func (r *rows) shrink(to []relation.Value) {
	if !r.complete && r.p.compare(r.bound, to) <= 0 {
		return
	}
	r.complete, r.bound = false, to
	for len(r.rows) > 0 {
		e := r.rows[len(r.rows)-1]
		if r.p.compare(e.position, to) <= 0 {
			return
		}
		r.evict(e.key)
	}
}

func (r *rows) addWithin(row relation.Row, old map[string]*item) *item {
	e := r.itemOf(row, old)
	if r.covers(e.position) {
		r.put(e)
	}
	return e
}

func (r *rows) add(row relation.Row, old map[string]*item) *item {
	e := r.itemOf(row, old)
	r.put(e)
	return e
}

// itemOf makes an item of a row that a statement returns: the key, the values of the order, those of each dependency, whether it is
// shown, what it shows. It returns the old item if nothing has changed.
func (r *rows) itemOf(row relation.Row, old map[string]*item) *item {
	k, n := len(r.p.keys), len(r.p.order)
	e := &item{key: r.p.rowKey(row[:k])}
	e.position = append(append(make([]relation.Value, 0, n+k), row[k:k+n]...), row[:k]...)
	for i, v := range e.position[:n] {
		for _, key := range e.position[n:] {
			if s, ok := v.(string); ok && key == s {
				e.position[i] = key
			}
		}
	}
	at := k + n
	if len(r.p.deps) > 0 {
		e.deps = make([]string, len(r.p.deps))
		for d := range r.p.deps {
			to := at + len(r.p.deps[d].Exprs)
			e.deps[d] = r.p.rowKey(row[at:to])
			at = to
		}
	}
	e.shown = row[at] == true
	e.row = r.compact(row[at+1:], e.position)
	if o := old[e.key]; o != nil && o.same(e) {
		return o
	}
	return e
}

// compact copies what a row shows. Values that equal those of its position, or of the row read before it, share their memory: there
// are many windows, they live long, and neighbors often have the same values in some columns.
func (r *rows) compact(row relation.Row, position []relation.Value) relation.Row {
	out := make(relation.Row, len(row))
	for i, v := range row {
		if s, ok := v.(string); ok {
			if i < len(r.lastRead) && r.lastRead[i] == s {
				v = r.lastRead[i]
			} else {
				for _, p := range position {
					if p == s {
						v = p
						break
					}
				}
			}
		}
		out[i] = v
	}
	r.lastRead = out
	return out
}

// same reports whether two items with the same key have the same content.
func (e *item) same(o *item) bool {
	return e.shown == o.shown && relation.SameRow(e.row, o.row) && relation.SameRow(e.position, o.position) && slices.Equal(e.deps, o.deps)
}
