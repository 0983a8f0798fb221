package relation

import "testing"

// TestMayFail expects exactly what computes numbers to be fallible, wherever it stands. What is not known is fallible too.
func TestMayFail(t *testing.T) {
	x := &Col{Kind: Int}
	of := func(op Op) Expr { return &Binary{Op: op, L: x, R: x, Kind: Int, Of: Int} }
	sub := func(fn AggFunc) Expr { return &Sub{Plan: &Reduce{Input: &Scan{}, Agg: Agg{Func: fn}}} }
	grouped := func(fn AggFunc) Expr {
		return &InPlan{X: x, Plan: &Group{Input: &Scan{}, Aggs: []NamedAgg{{Agg: Agg{Func: fn}}}}}
	}
	arith := map[Op]bool{Add: true, Subt: true, Mul: true, Div: true, IDiv: true, Mod: true, "new": true}
	for _, op := range []Op{Not, Neg, Eq, Ne, Lt, Le, Gt, Ge, And, Or, Coal, Cat, Add, Subt, Mul, Div, IDiv, Mod, "new"} {
		if got := MayFail(&Cond{If: x, Then: of(op), Else: x}); got != arith[op] {
			t.Errorf("%s may fail: %t", op, got)
		}
	}
	adds := map[AggFunc]bool{Sum: true, Avg: true, ExactSum: true, 99: true}
	for _, fn := range []AggFunc{Count, Sum, Avg, Min, Max, First, Any, All, Known, ExactSum, 99} {
		if a, b := MayFail(sub(fn)), MayFail(grouped(fn)); a != adds[fn] || b != adds[fn] {
			t.Errorf("%d may fail: %t, in a group: %t", fn, a, b)
		}
	}
	if !MayFail(&Unary{Op: "new", X: x}) || !MayFail(&Func{Name: "new"}) || !MayFail(of(IDiv)) || MayFail(x) {
		t.Error("an unknown operator or function may fail, a column may not")
	}
}
