package chain

import "github.com/livec-lang/livec/relation"

// Range is a column that a plan compares by order with a parameter, or with two. A row only matters if its value is between them.
type Range struct {
	Col   int
	Kind  relation.Kind // how values of the column compare
	Enum  []string      // for Kind Enum
	Lower *Bound        // nil if there is none
	Upper *Bound
}

// Bound is one end of a Range.
type Bound struct {
	Param     int
	Inclusive bool // a value that equals the parameter is in the range
}

// rangeOf returns a condition as a range with one end, if it compares a column of the row by order with a parameter.
func rangeOf(x relation.Expr) *Range {
	b, ok := x.(*relation.Binary)
	if !ok {
		return nil
	}
	l, r, lower, inclusive := b.L, b.R, false, false
	switch b.Op {
	case relation.Lt:
	case relation.Le:
		inclusive = true
	case relation.Gt:
		lower = true
	case relation.Ge:
		lower, inclusive = true, true
	default:
		return nil // not a comparison by order
	}
	if _, ok := l.(*relation.Param); ok {
		l, r, lower = r, l, !lower
	}
	c, ok := l.(*relation.Col)
	if !ok || c.Depth != 0 || len(c.Path) > 0 {
		return nil
	}
	p, ok := r.(*relation.Param)
	if !ok {
		return nil
	}
	out, bound := &Range{Col: c.Index, Kind: b.Of, Enum: b.Enum}, &Bound{Param: p.Index, Inclusive: inclusive}
	if lower {
		out.Lower = bound
	} else {
		out.Upper = bound
	}
	return out
}

// addRange records that rows only matter in a range. The first column that has a range keeps it, and the first bound at each end: other
// conditions are left to whoever looks at the row.
func addRange(r *Read, more *Range) {
	if r.Range == nil {
		r.Range = more
		return
	}
	if r.Range.Col != more.Col {
		return
	}
	if r.Range.Lower == nil {
		r.Range.Lower = more.Lower
	}
	if r.Range.Upper == nil {
		r.Range.Upper = more.Upper
	}
}
