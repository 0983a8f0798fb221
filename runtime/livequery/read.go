package livequery

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

func (r *rows) refresh(tx store.Tx) error {
	if !r.all && r.costs() > max(8, len(r.rows)/4) {
		r.all = true
	}
	if r.all {
		return r.load(tx)
	}
	for d, keys := range r.looked {
		for key, values := range keys {
			if err := r.lookUp(tx, d, key, values); err != nil {
				return err
			}
		}
	}
	r.looked = nil
	for key, keys := range r.touched {
		if err := r.reread(tx, key, keys); err != nil {
			return err
		}
	}
	r.touched = nil
	r.cut()
	if r.short() {
		return r.refill(tx)
	}
	return nil
}

// costs is how many statements the noted work takes.
func (r *rows) costs() int {
	n := len(r.touched)
	for _, keys := range r.looked {
		n += len(keys)
	}
	return n
}

// load reads the whole window.
func (r *rows) load(tx store.Tx) error {
	limit := int64(-1)
	if r.limit > 0 {
		limit = int64(r.keep) + 1
	}
	st := r.p.stmts["window"]
	found, err := tx.Run(st, binds(st, r.w.params.Values, limit)...)
	if err != nil {
		return err
	}
	for _, e := range r.rows {
		r.let(e)
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
		r.bound = r.rows[len(r.rows)-1].place
	}
	r.all, r.touched, r.looked = false, nil, nil
	return nil
}

// refill reads the rows behind the bound.
func (r *rows) refill(tx store.Tx) error {
	st := r.p.stmts["refill"]
	want := r.keep - len(r.rows)
	found, err := tx.Run(st, binds(st, r.w.params.Values, append(append([]relation.Value(nil), r.bound...), int64(want))...)...)
	if err != nil {
		return err
	}
	for _, row := range found {
		r.bound = r.add(row, nil).place
	}
	r.complete = len(found) < want
	return nil
}

// reread reads what one row of the table gives.
func (r *rows) reread(tx store.Tx, key string, keys relation.Row) error {
	st := r.p.stmts["row"]
	found, err := tx.Run(st, binds(st, r.w.params.Values, keys...)...)
	if err != nil {
		return err
	}
	old := map[string]*entry{key: r.by[key]}
	r.take(key)
	for _, row := range found {
		r.addWithin(row, old)
	}
	return nil
}

// lookUp reads the first rows that hang on certain values.
func (r *rows) lookUp(tx store.Tx, d int, key string, values []relation.Value) error {
	limit := int64(-1)
	if r.limit > 0 {
		limit = int64(r.keep)
	}
	st := r.p.stmts[depRole(d)]
	found, err := tx.Run(st, binds(st, r.w.params.Values, append(append([]relation.Value(nil), values...), limit)...)...)
	if err != nil {
		return err
	}
	old := map[string]*entry{}
	for _, e := range append([]*entry(nil), r.rows...) {
		if e.deps[d] == key {
			old[e.key] = e
			r.take(e.key)
		}
	}
	var last *entry
	for _, row := range found {
		last = r.addWithin(row, old)
	}
	if r.limit > 0 && len(found) == r.keep {
		r.shrink(last.place) // there may be more of these rows behind
	}
	return nil
}

// shrink moves the bound to a place, if it is behind it.
func (r *rows) shrink(to []relation.Value) {
	if !r.complete && r.p.compare(r.bound, to) <= 0 {
		return
	}
	r.complete, r.bound = false, to
	for len(r.rows) > 0 {
		e := r.rows[len(r.rows)-1]
		if r.p.compare(e.place, to) <= 0 {
			return
		}
		r.take(e.key)
	}
}

func (r *rows) addWithin(row relation.Row, old map[string]*entry) *entry {
	e := r.entryOf(row, old)
	if r.within(e.place) {
		r.put(e)
	}
	return e
}

func (r *rows) add(row relation.Row, old map[string]*entry) *entry {
	e := r.entryOf(row, old)
	r.put(e)
	return e
}

// entryOf makes an entry of a row of a statement: the key, the values of the order, those of each dependency, whether it is shown, what it shows. It is the old one if nothing has changed.
func (r *rows) entryOf(row relation.Row, old map[string]*entry) *entry {
	k, n := len(r.p.keys), len(r.p.order)
	e := &entry{key: r.p.rowKey(row[:k])}
	e.place = append(append(make([]relation.Value, 0, n+k), row[k:k+n]...), row[:k]...)
	for i, v := range e.place[:n] {
		for _, key := range e.place[n:] {
			if s, ok := v.(string); ok && key == s {
				e.place[i] = key
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
	e.row = r.compact(row[at+1:], e.place)
	if o := old[e.key]; o != nil && o.shown == e.shown && relation.SameRow(o.row, e.row) && relation.SameRow(o.place, e.place) && sameStrings(o.deps, e.deps) {
		return o
	}
	return e
}

// compact copies what a row shows, and lets equal values be one: those of its place, and those of the row read before it, which often has the same in some columns. Windows are many and live long.
func (r *rows) compact(row relation.Row, place []relation.Value) relation.Row {
	out := make(relation.Row, len(row))
	for i, v := range row {
		if s, ok := v.(string); ok {
			if i < len(r.before) && r.before[i] == s {
				v = r.before[i]
			} else {
				for _, p := range place {
					if p == s {
						v = p
						break
					}
				}
			}
		}
		out[i] = v
	}
	r.before = out
	return out
}

func sameStrings(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}
