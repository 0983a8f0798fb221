package livequery

import (
	"fmt"
	"strconv"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/runtime/store"
)

// requery is the content of mode Requery: the result, read again when what it looks at has changed.
type requery struct {
	w     *Window
	p     *plan
	all   bool
	rows  []*entry
	value []byte
	more  bool
	page  int // rows of a page; 0 without pages
}

func newRequery(w *Window) *requery {
	return &requery{w: w, p: w.plan, page: pageOf(w.plan.query.Plan)}
}

// pageOf is the number of rows of a page of a plan; 0 if it has no pages.
func pageOf(n relation.Node) int {
	switch n := n.(type) {
	case *relation.Page:
		return n.N
	case *relation.Filter, *relation.Sort, *relation.Limit, *relation.Join, *relation.Map:
		return pageOf(relation.Input(n))
	case *relation.Scan, *relation.Group, *relation.Reduce:
		return 0
	}
	panic(fmt.Sprintf("whether a %T has pages is not known", n))
}

func (r *requery) reset() { r.all = true }
func (r *requery) drop()  {}

// changed is always so: the value itself is compared.
func (r *requery) changed() bool { return true }

func (r *requery) apply(changes []touch) bool {
	for _, t := range changes {
		r.all = r.all || r.w.concerns(t.read, t.change.Before) || r.w.concerns(t.read, t.change.After)
	}
	return r.all
}

func (r *requery) refresh(tx store.Tx) error {
	if !r.all {
		return nil
	}
	st := r.p.stmts["all"]
	var more []relation.Value
	if r.page > 0 {
		more = append(more, int64(r.page*r.w.pages))
	}
	found, err := tx.Run(st, binds(st, r.w.params.Values, more...)...)
	if err != nil {
		return err
	}
	r.all = false
	if r.p.single {
		r.value = appendValue(nil, &r.p.query.Out[0], found[0][0])
		return nil
	}
	old := make(map[string]*entry, len(r.rows))
	for _, e := range r.rows {
		old[e.key] = e
	}
	k := len(st.Out) - len(r.p.query.Out)
	r.rows = make([]*entry, 0, len(found))
	for i, row := range found {
		e := &entry{key: r.p.rowKey(row[:k]), row: row[k:], shown: true}
		if k == 0 {
			e.key = strconv.Itoa(i)
		}
		if o := old[e.key]; o != nil && relation.SameRow(o.row, e.row) {
			e = o
		}
		r.rows = append(r.rows, e)
	}
	r.more = r.page > 0 && len(r.rows) >= r.page*r.w.pages
	return nil
}

func (r *requery) result() ([]*entry, []byte, bool) { return r.rows, r.value, r.more }
