package livequery

import (
	"fmt"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
)

// state is the state of one reduction.
type state struct {
	n     int64          // values that were added; for Any the rows that meet the condition, for All those that do not
	sum   int64          // of Sum and Avg over ints
	exact *eval.Sum      // of Sum and Avg over floats
	best  relation.Value // of Min and Max
}

// reducer keeps the state of one reduction from change to change.
type reducer struct {
	fn   relation.AggFunc
	kind relation.Kind
	enum []string

	columns int // of its state in a statement
}

func reducerOf(a relation.Agg) reducer {
	r := reducer{fn: a.Func, columns: len(chain.State(a))}
	if a.Expr != nil {
		r.kind = relation.KindOf(a.Expr)
		if c, ok := a.Expr.(*relation.Col); ok {
			r.enum = c.Enum
		}
	}
	return r
}

// stateOf makes a state of the columns that a statement returns for it, those of chain.State. rest are the columns after them.
func (r reducer) stateOf(cols relation.Row) (st state, rest relation.Row) {
	st.n, _ = cols[0].(int64)
	if r.columns == 1 {
		return st, cols[1:]
	}
	switch {
	case r.fn == relation.Min || r.fn == relation.Max:
		st.best = cols[1]
	case r.kind == relation.Float:
		b, _ := cols[1].([]byte)
		st.exact = eval.SumOf(b)
	default:
		st.sum, _ = cols[1].(int64)
	}
	return st, cols[2:]
}

// add adds a value (sign 1) or removes it (sign −1). It returns false where the result can no longer be computed from the state.
func (r reducer) add(s *state, v relation.Value, sign int64) bool {
	switch r.fn {
	case relation.Count:
		s.n += sign
		return true
	case relation.Any:
		if r.kind == 0 || v == true {
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
	switch r.fn {
	case relation.Sum, relation.Avg:
		if r.kind == relation.Float {
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
		return r.extremum(s, v, sign)
	}
	return false
}

func (r reducer) extremum(s *state, v relation.Value, sign int64) bool {
	if s.n == 0 {
		s.best = nil
		return true
	}
	if sign > 0 {
		if s.n == 1 || r.better(v, s.best) {
			s.best = v
		}
		return true
	}
	return eval.Compare(r.kind, r.enum, v, s.best) != 0 // only the database knows which one is next
}

func (r reducer) better(v, than relation.Value) bool {
	c := eval.Compare(r.kind, r.enum, v, than)
	if r.fn == relation.Min {
		return c < 0
	}
	return c > 0
}

// value is the result.
func (r reducer) value(s *state) (relation.Value, error) {
	switch r.fn {
	case relation.Count:
		return s.n, nil
	case relation.Any:
		return s.n > 0, nil
	case relation.All:
		return s.n == 0, nil
	case relation.Min, relation.Max:
		return s.best, nil
	case relation.Sum, relation.Avg:
		return r.total(s)
	}
	return nil, fmt.Errorf("the reduction %d is not kept from change to change", r.fn)
}

// total is the sum or the mean.
func (r reducer) total(s *state) (relation.Value, error) {
	if r.kind == relation.Float {
		sum := s.exact
		if sum == nil {
			sum = &eval.Sum{}
		}
		if r.fn == relation.Avg {
			return sum.Avg(s.n)
		}
		x, err := sum.Float()
		return x, err
	}
	if _, err := eval.Int(s.sum); err != nil {
		return nil, err
	}
	if r.fn == relation.Avg {
		return eval.AvgInt(s.sum, s.n), nil
	}
	return s.sum, nil
}
