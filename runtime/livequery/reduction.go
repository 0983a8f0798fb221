package livequery

import (
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// reduction is the content of mode Value.
type reduction struct {
	w       *Window
	p       *plan
	reducer reducer
	state   state
	reload  bool
	last    []byte // the result as JSON
}

func newReduction(w *Window) *reduction {
	return &reduction{w: w, p: w.plan, reducer: reducerOf(w.plan.chain.Agg)}
}

func (r *reduction) reset() { r.reload = true }
func (r *reduction) drop()  {}

func (r *reduction) rowCount() int { return 1 }
func (r *reduction) size() int     { return len(r.last) }

// changed is always true: the value itself is compared.
func (r *reduction) changed() bool { return true }

func (r *reduction) apply(inputs []input) bool {
	for _, in := range inputs {
		// The row that leaves comes last: with a new extremum it may not matter any more.
		for i, row := range [...]relation.Row{in.change.After, in.change.Before} {
			if row == nil || r.reload {
				continue
			}
			passes, v, err := r.p.valueOf(r.p.agg, r.w.params, row)
			if err != nil || passes && !r.reducer.add(&r.state, v, int64(1-2*i)) {
				r.reload = true
			}
		}
	}
	if _, err := r.reducer.value(&r.state); err != nil {
		r.reload = true
	}
	return r.reload
}

// valueOf takes a row through the steps and computes an expression over the result. passes reports whether the steps keep the row.
func (p *plan) valueOf(x eval.Expr, params *eval.Params, row relation.Row) (passes bool, v relation.Value, err error) {
	res, err := p.run(p.steps, -1, params, row)
	if err != nil || !res.in || x == nil {
		return res.in, nil, err
	}
	v, err = x(params, res.row)
	return true, v, err
}

func (r *reduction) refresh(tx store.Tx) error {
	if !r.reload {
		return nil
	}
	rows, err := r.p.fetch(tx, relation.Role{Kind: relation.ValueRole}, r.w.params.Values)
	if err != nil {
		return err
	}
	r.state, _ = r.reducer.stateOf(rows[0])
	if _, err := r.reducer.value(&r.state); err != nil {
		return err
	}
	r.reload = false
	return nil
}

func (r *reduction) result() ([]*item, []byte, bool) {
	v, err := r.reducer.value(&r.state)
	if err == nil {
		r.last = appendValue(nil, &r.p.query.Out[0], v)
	}
	return nil, r.last, false
}
