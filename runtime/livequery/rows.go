package livequery

import (
	"slices"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// rows is the content of mode Rows: the first rows of the result, with some more behind them so that a row that leaves can be replaced without reading. It is exact up to a place in the order, bound, which
// stays where it is when rows before it go.
type rows struct {
	w     *Window
	p     *plan
	limit int // rows that are shown; 0 for all
	keep  int // rows that are read; more are kept for a while
	list
	complete bool             // all rows of the result are here
	bound    []relation.Value // the place up to which they are, if not

	before relation.Row // that was read last

	// What must be read.
	all     bool
	touched map[string]relation.Row             // rows of the table, by key
	looked  map[int]map[string][]relation.Value // by dependency: values of which every row that hangs on them may have changed
}

func newRows(w *Window) *rows {
	p := w.plan
	r := &rows{w: w, p: p, limit: p.chain.Limit, list: list{plan: p, by: map[string]*entry{}}}
	if p.chain.Page {
		r.limit *= w.pages
	}
	r.keep = r.limit + w.engine.opt.Slack(r.limit)
	return r
}

func (r *rows) reset() { r.all = true }

func (r *rows) apply(changes []touch) (read bool) {
	for _, t := range changes {
		d := r.p.reads[t.read].Dep
		switch {
		case r.all:
		case d == chain.Own:
			if err := r.own(t.change); err != nil {
				r.all = true // the database says what is wrong
			}
		case d == chain.Whole:
			r.all = r.w.concerns(t.read, t.change.Before) || r.w.concerns(t.read, t.change.After)
		case r.patch(d, t.change):
		default:
			for _, row := range [...]relation.Row{t.change.Before, t.change.After} {
				if r.w.concerns(t.read, row) {
					r.lookedUp(d, row, r.p.deps[d].decides(t.change))
				}
			}
		}
	}
	r.cut()
	return r.all || len(r.touched) > 0 || len(r.looked) > 0 || r.short()
}

// own takes in a change of a row of the table itself.
func (r *rows) own(ch *store.Change) error {
	row := ch.After
	if row == nil {
		key := r.p.rowKey(ch.Table.KeyOf(ch.Before))
		r.take(key)
		delete(r.touched, key)
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
		r.take(key)
		delete(r.touched, key)
	case !c.PureFilter || !c.PureSort:
		r.touch(key, keys)
	default:
		place := append(res.order, keys...)
		if !r.within(place) {
			r.take(key)
			delete(r.touched, key)
			return nil
		}
		if !c.PureRow {
			r.touch(key, keys)
			return nil
		}
		r.put(&entry{key: key, place: place, row: res.row, shown: res.shown})
	}
	return nil
}

// lookedUp takes in a change of a row that rows of the table look up. decides: it may move rows in, out or to another place.
func (r *rows) lookedUp(d int, row relation.Row, decides bool) {
	dep := &r.p.deps[d]
	if len(dep.Cols) == 0 {
		r.all = true
		return
	}
	values := make([]relation.Value, len(dep.Cols))
	for i, c := range dep.Cols {
		values[i] = row[c]
	}
	key := r.p.rowKey(values)
	if decides {
		if r.looked == nil {
			r.looked = map[int]map[string][]relation.Value{}
		}
		if r.looked[d] == nil {
			r.looked[d] = map[string][]relation.Value{}
		}
		r.looked[d][key] = values
		return
	}
	for _, e := range r.rows {
		if e.deps[d] == key {
			r.touch(e.key, e.place[len(r.p.order):])
		}
	}
}

// patch takes in a change of a joined row that alters nothing but the record that rows show of it.
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
		r.rows[i], r.by[e.key], r.news = &changed, &changed, true
	}
	return true
}

func (r *rows) touch(key string, keys relation.Row) {
	if r.touched == nil {
		r.touched = map[string]relation.Row{}
	}
	r.touched[key] = keys
}

// within tells whether the window holds all rows at a place.
func (r *rows) within(place []relation.Value) bool {
	return r.complete || r.p.compare(place, r.bound) <= 0
}

// short tells whether rows are missing that the database may have.
func (r *rows) short() bool { return r.limit > 0 && !r.complete && len(r.rows) < r.limit }

// put adds an entry, in the place of the one with its key.
func (r *rows) put(e *entry) {
	r.take(e.key)
	r.insert(e)
	for d, key := range e.deps {
		if h := r.p.holdersOf(d); h != nil {
			h.holds(r.w, key, 1)
		}
	}
}

// take removes the entry with a key.
func (r *rows) take(key string) {
	if e := r.remove(key); e != nil {
		r.let(e)
	}
}

func (r *rows) let(e *entry) {
	for d, key := range e.deps {
		if h := r.p.holdersOf(d); h != nil {
			h.holds(r.w, key, -1)
		}
	}
}

func (r *rows) drop() {
	for _, e := range r.rows {
		r.let(e)
	}
	r.clear()
}

// cut drops rows that have become too many.
func (r *rows) cut() {
	if r.limit == 0 || len(r.rows) <= 2*r.keep-r.limit {
		return
	}
	for _, e := range r.rows[r.keep:] {
		delete(r.by, e.key)
		r.let(e)
	}
	r.news = true
	clear(r.rows[r.keep:])
	r.rows = r.rows[:r.keep]
	r.complete, r.bound = false, r.rows[r.keep-1].place
}

func (r *rows) result() (shown []*entry, value []byte, more bool) {
	shown = r.first(r.limit)
	if r.p.single {
		if len(shown) == 0 {
			return nil, []byte("null"), false
		}
		return nil, appendRow(nil, r.p.out, shown[0].row), false
	}
	return shown, nil, r.limit > 0 && (len(r.rows) > r.limit || !r.complete)
}

// holdersOf is who shows rows that hang on a dependency; nil if all windows are told of its changes anyway.
func (p *plan) holdersOf(d int) *holders { return p.routes[p.deps[d].Read].holders }
