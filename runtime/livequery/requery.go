package livequery

import (
	"fmt"
	"strconv"

	"github.com/livec-lang/livec/relation"
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
	exact  bool // each row of a page is shown, so one row more tells whether there is a further page
	bytes  int  // of rows
}

func newRequery(w *Window) *requery {
	plan := w.plan.query.Plan
	return &requery{w: w, p: w.plan, page: pageOf(plan), exact: showsPages(plan)}
}

// showsPages reports whether nothing after the pages of a plan drops or moves rows.
func showsPages(n relation.Node) bool {
	for {
		switch m := n.(type) {
		case *relation.Page:
			return true
		case *relation.Map:
			n = m.Input
		default:
			return false
		}
	}
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
	panic(fmt.Sprintf("no rule for whether a %T has pages", n))
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
	var more []relation.Value
	if r.page > 0 {
		most := r.page * r.w.pages
		if r.exact {
			most++
		}
		more = append(more, int64(most))
	}
	found, err := r.p.fetch(tx, relation.Role{Kind: relation.AllRole}, r.w.params.Values, more...)
	if err != nil {
		return err
	}
	r.reload = false
	if r.p.single {
		r.value = appendValue(nil, &r.p.query.Out[0], found[0][0])
		return nil
	}
	if most := r.page * r.w.pages; r.exact && len(found) > most {
		found, r.more = found[:most], true
	} else {
		r.more = r.page > 0 && !r.exact && len(found) >= most
	}
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

func (r *requery) result() ([]*item, []byte, bool) { return r.rows, r.value, r.more }
