package livequery

import (
	"strconv"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/runtime/store"
)

// requery is the content of mode Requery: the result, read anew when rows that it depends on have changed.
type requery struct {
	w      *Window
	p      *plan
	reload bool
	rows   []*item
	value  []byte
	more   bool
	page   int  // rows of a page; 0 without pages
	counts bool // rows of a page may be dropped or moved, so the rows at the stage `page` are counted to tell whether there is a further page
	bytes  int  // of rows
}

func newRequery(w *Window) *requery {
	_, counts := w.plan.stmts[relation.Role{Kind: relation.MoreRole}]
	return &requery{w: w, p: w.plan, page: pageOf(w.plan.query.Plan), counts: counts}
}

// pageOf is the number of rows of a page of a plan; 0 if it has no pages.
func pageOf(n relation.Node) int {
	if page, _ := chain.PageOf(n); page != nil {
		return page.N
	}
	return 0
}

func (r *requery) reset() { r.reload = true }
func (r *requery) drop()  { r.rows, r.value, r.bytes = nil, nil, 0 }

func (r *requery) rowCount() int { return len(r.rows) }
func (r *requery) size() int     { return r.bytes + len(r.value) }

// changed is always true: the value itself is compared.
func (r *requery) changed() bool { return true }

func (r *requery) apply(inputs []input) bool {
	for _, in := range inputs {
		r.reload = r.reload || r.w.concerns(in.read, in.change.Before) || r.w.concerns(in.read, in.change.After)
	}
	return r.reload
}

func (r *requery) refresh(tx store.Tx) error {
	if !r.reload {
		return nil
	}
	found, more, err := r.read(tx)
	if err != nil {
		return err
	}
	r.reload = false
	if r.p.single {
		r.value = appendValue(nil, &r.p.query.Out[0], found[0][0])
		return nil
	}
	r.more = more
	old := make(map[string]*item, len(r.rows))
	for _, e := range r.rows {
		old[e.key] = e
	}
	k := len(r.p.stmts[relation.Role{Kind: relation.AllRole}].Out) - len(r.p.query.Out)
	r.rows, r.bytes = make([]*item, 0, len(found)), 0
	for i, row := range found {
		e := &item{key: r.p.rowKey(row[:k]), row: row[k:], shown: true}
		if k == 0 {
			e.key = strconv.Itoa(i)
		}
		if o := old[e.key]; o != nil && relation.SameRow(o.row, e.row) {
			e = o
		}
		r.rows = append(r.rows, e)
		r.bytes += e.size()
	}
	return nil
}

// read reads the result, and whether there is a further page.
func (r *requery) read(tx store.Tx) (found []relation.Row, more bool, err error) {
	params, most := r.w.params.Values, r.page*r.w.pages
	all, next := relation.Role{Kind: relation.AllRole}, relation.Role{Kind: relation.MoreRole}
	switch {
	case most == 0:
		found, err = r.p.fetch(tx, all, params)
	case r.counts:
		if found, err = r.p.fetch(tx, next, params, int64(most)+1); err != nil {
			return nil, false, err
		}
		rows, _ := found[0][0].(int64)
		more = rows > int64(most)
		found, err = r.p.fetch(tx, all, params, int64(most))
	default:
		if found, err = r.p.fetch(tx, all, params, int64(most)+1); len(found) > most { // each row of a page is shown
			found, more = found[:most], true
		}
	}
	return found, more, err
}

func (r *requery) result() ([]*item, []byte, bool) { return r.rows, r.value, r.more }
