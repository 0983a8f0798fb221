package relation

import "github.com/livec-lang/livec/relation/function"

// MayFail reports whether computing x may fail because a value in it is out of range, such as a quotient or a sum.
func MayFail(x Expr) bool {
	found := false
	Walk(x, func(p Part, _ int) bool {
		found = found || fails(p)
		return !found
	})
	return found
}

// fails reports whether computing p, apart from its parts, may fail. What is not known may.
func fails(p Part) bool {
	switch p := p.(type) {
	case *Unary:
		return !total[p.Op]
	case *Binary:
		return !total[p.Op]
	case *Func:
		return function.Of(p.Name).MayFail
	case *Reduce:
		return !totals[p.Agg.Func]
	case *Group:
		for _, a := range p.Aggs {
			if !totals[a.Agg.Func] {
				return true
			}
		}
		return false
	case *Col, *Param, *Const, *Cond, *InList, *InPlan, *Sub, *Scan, *Filter, *Sort, *Limit, *Page, *Join, *Map:
		return false
	}
	return true
}

// total are the operators that never fail. All others are arithmetic.
var total = map[Op]bool{
	Not: true, Neg: true, And: true, Or: true, Coal: true, Cat: true, Eq: true, Ne: true, Lt: true, Le: true, Gt: true, Ge: true,
}

// totals are the aggregate functions that never fail. All others add numbers.
var totals = map[AggFunc]bool{Count: true, Min: true, Max: true, First: true, Any: true, All: true, Known: true}

// Computed returns a condition that is true, and fails if one of xs does. It is nil if none may fail.
func Computed(xs ...Expr) Expr {
	var out Expr
	for _, x := range xs {
		if MayFail(x) {
			out = both(And, out, equal(x, x, KindOf(x), nil))
		}
	}
	return out
}

// After returns x, which also fails if done does: a condition of Computed, or nil.
func After(done, x Expr) Expr {
	switch {
	case done == nil:
		return x
	case KindOf(x) == Bool:
		return both(And, done, x)
	}
	return &Cond{If: done, Then: x, Else: &Const{Kind: KindOf(x)}, Kind: KindOf(x)}
}

// OneOf tests whether x equals one of the elements of a list that is written out. Like a list that exists before it is
// searched, it computes all elements.
func OneOf(x Expr, of Kind, enum []string, elems ...Expr) Expr {
	if len(elems) == 0 {
		return After(Computed(x), &Const{Value: false, Kind: Bool})
	}
	var test Expr
	for _, e := range elems {
		test = both(Or, test, equal(x, e, of, enum))
	}
	return After(Computed(elems[1:]...), test) // x and the first element are computed by the first comparison
}

// equal compares two values of a kind.
func equal(l, r Expr, of Kind, enum []string) Expr {
	return &Binary{Op: Eq, L: l, R: r, Kind: Bool, Of: of, Enum: enum}
}

// both combines x with the conditions before it, which are nil for the first.
func both(op Op, before, x Expr) Expr {
	if before == nil {
		return x
	}
	return &Binary{Op: op, L: before, R: x, Kind: Bool, Of: Bool}
}
