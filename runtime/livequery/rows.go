package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// rows is the content of mode Rows: the first rows of the result, and some more, so that a row that leaves can be replaced without a
// read. It is exact up to a position in the order, bound, which stays the same when rows before it leave.
type rows struct {
	w     *Window
	p     *plan
	limit int // rows that are shown; 0 for all
	least int // rows that it must have, unless it has all: those that are shown and, with pages, one more, which tells that there are more
	keep  int // rows that a load reads; up to twice the slack more are kept before they are trimmed
	itemList
	complete bool             // all rows of the result are here
	bound    []relation.Value // the position up to which they are here, if not complete

	lastRead relation.Row

	// What must be read.
	reload    bool
	dirty     map[string]relation.Row             // keys of rows of the table, by key
	dirtyDeps map[int]map[string][]relation.Value // by dependency: every row that depends on these values may have changed
}

func newRows(w *Window) *rows {
	p := w.plan
	r := &rows{w: w, p: p, limit: p.chain.Limit, itemList: itemList{plan: p, by: map[string]*item{}}}
	if p.chain.Page {
		r.limit *= w.pages
	}
	r.least = r.limit
	if p.chain.Page {
		r.least++
	}
	r.keep = max(r.least, r.limit+w.engine.opt.Slack(r.limit))
	return r
}

func (r *rows) reset() { r.reload = true }

func (r *rows) apply(inputs []input) (read bool) {
	for _, in := range inputs {
		d := r.p.reads[in.read].Dep
		switch {
		case r.reload:
		case d == chain.Own:
			if err := r.applyOwn(in.change); err != nil {
				r.reload = true // the database reports the error
			}
		case d == chain.Whole:
			r.reload = r.w.concerns(in.read, in.change.Before) || r.w.concerns(in.read, in.change.After)
		case r.patch(d, in.change):
		default:
			for _, row := range [...]relation.Row{in.change.Before, in.change.After} {
				if r.w.concerns(in.read, row) {
					r.applyLookup(d, row, r.p.deps[d].decides(in.change))
				}
			}
		}
	}
	r.trim()
	return r.reload || len(r.dirty) > 0 || len(r.dirtyDeps) > 0 || r.underfull()
}

// applyOwn applies a change of a row of the table itself.
func (r *rows) applyOwn(ch *store.Change) error {
	row := ch.After
	if row == nil {
		key := r.p.rowKey(ch.Table.KeyOf(ch.Before))
		r.evict(key)
		delete(r.dirty, key)
		return nil
	}
	keys := ch.Table.KeyOf(row)
	key := r.p.rowKey(keys)
	res, err := r.p.run(r.p.steps, r.p.chain.SortAt, r.w.params, row)
	if err != nil {
		return err
	}
	switch c := r.p.chain; {
	case !res.in:
		r.evict(key)
		delete(r.dirty, key)
	case !c.PureFilter || !c.PureSort:
		r.markDirty(key, keys)
	default:
		position := append(res.order, keys...)
		if !r.covers(position) {
			r.evict(key)
			delete(r.dirty, key)
			return nil
		}
		if !c.PureRow {
			r.markDirty(key, keys)
			return nil
		}
		r.put(&item{key: key, position: position, row: res.row, shown: res.shown})
	}
	return nil
}

// applyLookup applies a change of a row that rows of the table look up. decides: it may move rows in, out or to another position.
func (r *rows) applyLookup(d int, row relation.Row, decides bool) {
	dep := &r.p.deps[d]
	if len(dep.Cols) == 0 {
		r.reload = true
		return
	}
	values := make([]relation.Value, len(dep.Cols))
	for i, c := range dep.Cols {
		values[i] = row[c]
	}
	key := r.p.rowKey(values)
	if decides {
		if r.dirtyDeps == nil {
			r.dirtyDeps = map[int]map[string][]relation.Value{}
		}
		if r.dirtyDeps[d] == nil {
			r.dirtyDeps[d] = map[string][]relation.Value{}
		}
		r.dirtyDeps[d][key] = values
		return
	}
	for _, e := range r.rows {
		if e.deps[d] == key {
			r.markDirty(e.key, e.position[len(r.p.order):])
		}
	}
}

// patch applies a change of a joined row that alters only the record that rows show of it. It returns false for other changes.
func (r *rows) patch(d int, ch *store.Change) bool {
	dep := &r.p.deps[d]
	if dep.Show == nil || !sameColumns(ch.Before, ch.After, dep.Decide) {
		return false
	}
	values := make([]relation.Value, len(dep.Cols))
	for i, c := range dep.Cols {
		values[i] = ch.After[c]
	}
	record := make(relation.Row, len(dep.Fields))
	for i, c := range dep.Fields {
		record[i] = ch.After[c]
	}
	key := r.p.rowKey(values)
	for i, e := range r.rows {
		if e.deps[d] != key {
			continue
		}
		changed := *e
		changed.row = slices.Clone(e.row)
		for _, col := range dep.Show {
			if changed.row[col] != nil { // null where a policy hides it
				changed.row[col] = record
			}
		}
		r.rows[i], r.by[e.key], r.modified = &changed, &changed, true
		r.bytes += changed.size() - e.size()
	}
	return true
}

func (r *rows) markDirty(key string, keys relation.Row) {
	if r.dirty == nil {
		r.dirty = map[string]relation.Row{}
	}
	r.dirty[key] = keys
}

// covers reports whether the window has all rows at a position.
func (r *rows) covers(position []relation.Value) bool {
	return r.complete || r.p.compare(position, r.bound) <= 0
}

// underfull reports whether rows are missing that the database may have.
func (r *rows) underfull() bool { return r.limit > 0 && !r.complete && len(r.rows) < r.least }

// put adds an item, or replaces the one with its key.
func (r *rows) put(e *item) {
	r.evict(e.key)
	r.insert(e)
	for d, key := range e.deps {
		if h := r.p.dependentsOf(d); h != nil {
			h.add(r.w, key, 1)
		}
	}
}

// evict removes the item with a key.
func (r *rows) evict(key string) {
	if e := r.remove(key); e != nil {
		r.unregister(e)
	}
}

func (r *rows) unregister(e *item) {
	for d, key := range e.deps {
		if h := r.p.dependentsOf(d); h != nil {
			h.add(r.w, key, -1)
		}
	}
}

func (r *rows) drop() {
	for _, e := range r.rows {
		r.unregister(e)
	}
	r.clear()
}

// trim drops rows when there are too many.
func (r *rows) trim() {
	if r.limit == 0 || len(r.rows) <= 2*r.keep-r.limit {
		return
	}
	for _, e := range r.rows[r.keep:] {
		r.bytes -= e.size()
		delete(r.by, e.key)
		r.unregister(e)
	}
	r.modified = true
	clear(r.rows[r.keep:])
	r.rows = r.rows[:r.keep]
	r.complete, r.bound = false, r.rows[r.keep-1].position
}

// rowCount is part of content. The rows that are kept beyond the limit are not shown.
func (r *rows) rowCount() int {
	if r.limit > 0 {
		return min(r.limit, len(r.rows))
	}
	return len(r.rows)
}

func (r *rows) result() (shown []*item, value []byte, more bool) {
	shown = r.first(r.limit)
	if r.p.single {
		if len(shown) == 0 {
			return nil, []byte("null"), false
		}
		return nil, appendRow(nil, r.p.out, shown[0].row), false
	}
	return shown, nil, r.p.chain.Page && len(r.rows) > r.limit
}

// dependentsOf is the windows that show rows that depend on d; nil if all windows get its changes anyway.
func (p *plan) dependentsOf(d int) *dependents { return p.routes[p.deps[d].Read].dependents }
