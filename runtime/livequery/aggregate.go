package livequery

import (
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// state is the state of one aggregate.
type state struct {
	n     int64          // values that went in; of Any rows for which the condition holds, of All those for which it does not
	sum   int64          // of Sum and Avg over ints
	exact *eval.Sum      // of Sum and Avg over floats
	best  relation.Value // of Min and Max
}

// aggregator knows how one aggregate is kept.
type aggregator struct {
	fn   relation.AggFunc
	kind relation.Kind
	enum []string
}

func aggregatorOf(a relation.Agg) aggregator {
	g := aggregator{fn: a.Func}
	if a.Expr != nil {
		g.kind = relation.KindOf(a.Expr)
		if c, ok := a.Expr.(*relation.Col); ok {
			g.enum = c.Enum
		}
	}
	return g
}

// stateOf reads the two columns of a statement.
func (a aggregator) stateOf(n, s relation.Value) state {
	st := state{}
	st.n, _ = n.(int64)
	switch a.fn {
	case relation.Sum, relation.Avg:
		if a.kind == relation.Float {
			b, _ := s.([]byte)
			st.exact = eval.SumOf(b)
		} else {
			st.sum, _ = s.(int64)
		}
	case relation.Min, relation.Max:
		st.best = s
	}
	return st
}

// add takes in a value (sign 1) or takes it out (sign −1). It gives false where the state cannot tell the result any more.
func (a aggregator) add(s *state, v relation.Value, sign int64) bool {
	switch a.fn {
	case relation.Count:
		s.n += sign
		return true
	case relation.Any:
		if a.kind == 0 || v == true {
			s.n += sign
		}
		return true
	case relation.All:
		if v != true {
			s.n += sign
		}
		return true
	}
	if v == nil {
		return true
	}
	s.n += sign
	switch a.fn {
	case relation.Sum, relation.Avg:
		if a.kind == relation.Float {
			if s.exact == nil {
				s.exact = &eval.Sum{}
			}
			switch x := v.(type) {
			case float64:
				s.exact.Add(x, int(sign))
			case int64:
				s.exact.Add(float64(x), int(sign))
			}
			return true
		}
		x, _ := v.(int64)
		before := s.sum
		s.sum += sign * x
		return sign*x >= 0 == (s.sum >= before)
	case relation.Min, relation.Max:
		return a.extremum(s, v, sign)
	}
	return false
}

func (a aggregator) extremum(s *state, v relation.Value, sign int64) bool {
	if s.n == 0 {
		s.best = nil
		return true
	}
	if sign > 0 {
		if s.n == 1 || a.better(v, s.best) {
			s.best = v
		}
		return true
	}
	return eval.Compare(a.kind, a.enum, v, s.best) != 0 // which one is next, only the database knows
}

func (a aggregator) better(v, than relation.Value) bool {
	c := eval.Compare(a.kind, a.enum, v, than)
	if a.fn == relation.Min {
		return c < 0
	}
	return c > 0
}

// value is the result.
func (a aggregator) value(s *state) (relation.Value, error) {
	switch a.fn {
	case relation.Count:
		return s.n, nil
	case relation.Any:
		return s.n > 0, nil
	case relation.All:
		return s.n == 0, nil
	case relation.Min, relation.Max:
		return s.best, nil
	case relation.Sum, relation.Avg:
		return a.total(s)
	}
	return nil, fmt.Errorf("the aggregate %d is not kept from change to change", a.fn)
}

// total is the sum or the mean.
func (a aggregator) total(s *state) (relation.Value, error) {
	if a.kind == relation.Float {
		sum := s.exact
		if sum == nil {
			sum = &eval.Sum{}
		}
		if a.fn == relation.Avg {
			return sum.Avg(s.n)
		}
		x, err := sum.Float()
		return x, err
	}
	if _, err := eval.Int(s.sum); err != nil {
		return nil, err
	}
	if a.fn == relation.Avg {
		return eval.AvgInt(s.sum, s.n), nil
	}
	return s.sum, nil
}

// aggregate is the content of mode Value.
type aggregate struct {
	w     *Window
	p     *plan
	agg   aggregator
	state state
	all   bool
	last  []byte
}

func newAggregate(w *Window) *aggregate {
	return &aggregate{w: w, p: w.plan, agg: aggregatorOf(w.plan.chain.Agg)}
}

func (a *aggregate) reset() { a.all = true }
func (a *aggregate) drop()  {}

// changed is always so: the value itself is compared.
func (a *aggregate) changed() bool { return true }

func (a *aggregate) apply(changes []touch) bool {
	for _, t := range changes {
		// What goes comes last: a new extremum may make it unimportant.
		for i, row := range [...]relation.Row{t.change.After, t.change.Before} {
			if row == nil || a.all {
				continue
			}
			in, v, err := a.p.valueOf(a.p.agg, a.w.params, row)
			if err != nil || in && !a.agg.add(&a.state, v, int64(1-2*i)) {
				a.all = true
			}
		}
	}
	if _, err := a.agg.value(&a.state); err != nil {
		a.all = true
	}
	return a.all
}

// valueOf takes a row through the steps and computes a value over what they make of it.
func (p *plan) valueOf(x eval.Expr, params *eval.Params, row relation.Row) (in bool, v relation.Value, err error) {
	res, err := p.run(p.steps, -1, params, row)
	if err != nil || !res.in || x == nil {
		return res.in, nil, err
	}
	v, err = x(params, res.row)
	return true, v, err
}

func (a *aggregate) refresh(tx store.Tx) error {
	if !a.all {
		return nil
	}
	st := a.p.stmts["value"]
	rows, err := tx.Run(st, binds(st, a.w.params.Values)...)
	if err != nil {
		return err
	}
	a.state = a.agg.stateOf(rows[0][0], rows[0][1])
	if _, err := a.agg.value(&a.state); err != nil {
		return err
	}
	a.all = false
	return nil
}

func (a *aggregate) result() ([]*entry, []byte, bool) {
	v, err := a.agg.value(&a.state)
	if err == nil {
		a.last = appendValue(nil, &a.p.query.Out[0], v)
	}
	return nil, a.last, false
}
