package livequery

import (
	"cmp"
	"iter"

	"github.com/tidwall/btree"

	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/chain"
	"github.com/livec-lang/livec/relation/eval"
	"github.com/livec-lang/livec/runtime/store"
)

// windowSet is a set of windows of one plan. If the plan only shows rows in a range, the windows are in the order of their bounds, so that
// a row finds those that admit it without a look at the others. The engine's lock guards it. A nil set is empty.
type windowSet struct {
	in      *chain.Range // nil if there is no range
	plain   map[*Window]struct{}
	ordered *btree.BTreeG[*Window] // by the lower bound, or by the upper bound if that is the only one
}

func newWindowSet(in *chain.Range) *windowSet {
	if in == nil {
		return &windowSet{plain: map[*Window]struct{}{}}
	}
	by := in.Lower
	if by == nil {
		by = in.Upper
	}
	less := func(a, b *Window) bool {
		if c := eval.Compare(in.Kind, in.Enum, a.params.Values[by.Param], b.params.Values[by.Param]); c != 0 {
			return c < 0
		}
		return cmp.Less(a.number, b.number)
	}
	return &windowSet{in: in, ordered: btree.NewBTreeGOptions(less, btree.Options{NoLocks: true})}
}

func (s *windowSet) add(w *Window) {
	if s.ordered == nil {
		s.plain[w] = struct{}{}
		return
	}
	s.ordered.Set(w)
}

func (s *windowSet) remove(w *Window) {
	if s.ordered == nil {
		delete(s.plain, w)
		return
	}
	s.ordered.Delete(w)
}

func (s *windowSet) len() int {
	if s.ordered == nil {
		return len(s.plain)
	}
	return s.ordered.Len()
}

// each yields all windows.
func (s *windowSet) each() iter.Seq[*Window] {
	return func(yield func(*Window) bool) {
		if s == nil {
			return
		}
		if s.ordered != nil {
			s.ordered.Scan(yield)
			return
		}
		for w := range s.plain {
			if !yield(w) {
				return
			}
		}
	}
}

// admitting yields the windows whose range has the value of a row. Where a range has two ends it looks at all windows whose lower bound
// admits the row.
func (s *windowSet) admitting(row relation.Row) iter.Seq[*Window] {
	if s == nil || s.in == nil {
		return s.each()
	}
	return func(yield func(*Window) bool) {
		v := row[s.in.Col]
		if s.in.Lower == nil {
			s.ordered.Reverse(func(w *Window) bool { return s.below(w, v) && yield(w) })
			return
		}
		s.ordered.Scan(func(w *Window) bool {
			if !s.above(w, v) {
				return false
			}
			return s.in.Upper != nil && !s.below(w, v) || yield(w)
		})
	}
}

// above reports whether the lower bound of a window admits a value.
func (s *windowSet) above(w *Window, v relation.Value) bool {
	c := eval.Compare(s.in.Kind, s.in.Enum, v, w.params.Values[s.in.Lower.Param])
	return c > 0 || c == 0 && s.in.Lower.Inclusive
}

// below reports whether the upper bound of a window admits a value.
func (s *windowSet) below(w *Window, v relation.Value) bool {
	c := eval.Compare(s.in.Kind, s.in.Enum, v, w.params.Values[s.in.Upper.Param])
	return c < 0 || c == 0 && s.in.Upper.Inclusive
}

// moves reports whether a change of a row may find other windows by the range than the row before it does.
func (r *route) moves(ch *store.Change) bool {
	in := r.plan.reads[r.read].Range
	return in != nil && ch.Before != nil && ch.After != nil && !eval.Equal(ch.Before[in.Col], ch.After[in.Col])
}

// leads is the windows that the columns of a row lead to.
func (r *router) leads(to *route, row relation.Row) *windowSet {
	if to.all != nil {
		return to.all
	}
	return to.windows[string(r.key(row, to.cols))]
}
