package plan

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// guarded lowers an expression that is evaluated only if guard holds. A parameter in it is computed before the first row,
// whether or not guard holds for a row. So the parts of guard that do not depend on a row are tested with the parameter.
func (l *lowerer) guarded(guard, x ir.Expr) (relation.Expr, error) {
	before := l.guards
	l.conditional++
	l.guards = slices.Clip(before)
	for _, g := range conjuncts(guard) {
		if !l.dependent(g) && (l.env == nil || !readsVariable(g)) {
			l.guards = append(l.guards, g)
		}
	}
	defer func() { l.guards = before; l.conditional-- }()
	return l.expr(x)
}

// guardOf returns the condition under which the right side of an operator is computed, or nil if it always is.
func guardOf(x *ir.Binary) ir.Expr {
	switch x.Op {
	case relation.And:
		return x.L
	case relation.Or:
		return not(x.L)
	case relation.Coal:
		return nullTest(relation.Eq, x.L)
	}
	return nil
}

// guardOfArm returns the condition under which a match takes an arm.
func guardOfArm(x *ir.MatchExpr, arm int) ir.Expr {
	at := ir.At{Pos: x.Pos, T: &ir.Scalar{Kind: ir.Bool}}
	var guard ir.Expr
	for i, a := range x.Arms[:arm+1] {
		var one ir.Expr
		for _, v := range a.Values {
			one = combined(relation.Or, one, is(x.X, v))
		}
		switch {
		case one == nil: // `_`
		case i < arm:
			guard = combined(relation.And, guard, not(one))
		default:
			guard = combined(relation.And, guard, one)
		}
	}
	if guard == nil {
		guard = &ir.Lit{At: at, Value: true}
	}
	return guard
}

func is(x, value ir.Expr) ir.Expr {
	if lit, ok := value.(*ir.Lit); ok && lit.Value == nil {
		return nullTest(relation.Eq, x)
	}
	_, optional := x.Type().(*ir.Optional)
	if _, same := value.Type().(*ir.Optional); optional && !same {
		value = &ir.Wrap{At: ir.At{Pos: value.Where(), T: x.Type()}, X: value}
	}
	return &ir.Binary{At: ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}, Op: relation.Eq, L: x, R: value}
}

// nullTest compares a value with null.
func nullTest(op relation.Op, x ir.Expr) ir.Expr {
	at := ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}
	return &ir.Binary{At: at, Op: op, L: x, R: &ir.Lit{At: ir.At{Pos: at.Pos, T: x.Type()}}}
}

func not(x ir.Expr) ir.Expr {
	return &ir.Unary{At: ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}, Op: relation.Not, X: x}
}

// combined combines x with the conditions before it, which are nil for the first.
func combined(op relation.Op, before, x ir.Expr) ir.Expr {
	if before == nil {
		return x
	}
	return &ir.Binary{At: ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}, Op: op, L: before, R: x}
}

// conjuncts returns conditions that all hold if x does, and that x consists of.
func conjuncts(x ir.Expr) []ir.Expr {
	switch x := x.(type) {
	case *ir.Binary:
		if x.Op == relation.And {
			return append(conjuncts(x.L), conjuncts(x.R)...)
		}
	case *ir.Unary:
		in, ok := x.X.(*ir.Binary)
		if ok && x.Op == relation.Not && in.Op == relation.Or {
			return append(conjuncts(not(in.L)), conjuncts(not(in.R))...)
		}
	}
	return []ir.Expr{x}
}

// underGuards returns an expression that can be computed even if the guards around it do not hold. It is then null.
func (l *lowerer) underGuards(x ir.Expr) ir.Expr {
	if len(l.guards) > 0 && mayFail(x) {
		var known ir.Expr
		for _, g := range l.guards {
			known = combined(relation.And, known, g)
		}
		x = nullUnless(known, x)
	}
	return underProof(x)
}

// mayFail reports whether computing x may fail.
func mayFail(x ir.Expr) bool {
	found := false
	within(x, func(x ir.Expr) bool {
		call, ok := x.(*ir.CallFn)
		found = found || ir.Fails(x) || ok && result(call.Fn) == nil // other statements may fail
		return !found
	})
	return found
}

// nullUnless returns x, or null if a condition does not hold.
func nullUnless(known, x ir.Expr) ir.Expr {
	pos, t := x.Where(), x.Type()
	if _, optional := t.(*ir.Optional); !optional {
		t = &ir.Optional{Elem: t}
		x = &ir.Wrap{At: ir.At{Pos: pos, T: t}, X: x}
	}
	return &ir.Cond{At: ir.At{Pos: pos, T: t}, If: known, Then: x, Else: &ir.Lit{At: ir.At{Pos: pos, T: t}}}
}

// withoutProof returns a path that can be evaluated even if the condition that proved it non-null does not hold. It is then null.
func withoutProof(x ir.Expr) ir.Expr {
	switch x := x.(type) {
	case *ir.Unwrap:
		return withoutProof(x.X)
	case *ir.FieldOf:
		in := withoutProof(x.X)
		if _, optional := in.Type().(*ir.Optional); !optional || x.Safe {
			return x
		}
		t := x.T
		if _, optional := t.(*ir.Optional); !optional {
			t = &ir.Optional{Elem: t}
		}
		return &ir.FieldOf{At: ir.At{Pos: x.Pos, T: t}, X: in, Field: x.Field, Safe: true}
	}
	return x
}

// underProof returns an expression that can be evaluated even if the conditions around it, which proved its parts
// non-null, do not hold. It is then null. Each part is tested after those inside of it. What x itself tests needs no proof.
func underProof(x ir.Expr) ir.Expr {
	tested := testedIn(x)
	var proofs []*ir.Unwrap
	eachPart(x, false, func(x ir.Expr, conditional bool) bool {
		if u, ok := x.(*ir.Unwrap); ok {
			if path, ok := ir.PathOf(u.X); !ok || !conditional || !tested(path) {
				proofs = append(proofs, u)
			}
		}
		_, query := x.(*ir.QueryExpr) // a query handles its own proofs
		return !query
	})
	var known ir.Expr
	for _, u := range slices.Backward(proofs) { // inner ones are visited later
		known = combined(relation.And, known, nullTest(relation.Ne, u.X))
	}
	if known == nil {
		return x
	}
	return nullUnless(known, x)
}

// testedIn returns a function that reports whether x may test a path for null, or begins at a variable that only exists
// inside of x.
func testedIn(x ir.Expr) func(ir.Path) bool {
	tested, own := map[ir.Path]bool{}, map[ir.Path]bool{}
	note := func(x ir.Expr) {
		if path, ok := ir.PathOf(x); ok {
			tested[path] = true
		}
	}
	ir.WalkExprs(x, func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.Binary:
			if x.Op == relation.Eq || x.Op == relation.Ne || x.Op == relation.Coal {
				note(x.L)
				note(x.R)
			}
		case *ir.FieldOf:
			if x.Safe {
				note(x.X)
			}
		case *ir.MatchExpr:
			note(x.X)
			for _, arm := range x.Arms {
				own[ir.PathOfVar(arm.Bind)] = true
			}
		case *ir.ListPipe:
			for _, s := range x.Stages {
				own[ir.PathOfVar(s.Row)] = true
			}
		}
		return true
	})
	return func(p ir.Path) bool { return tested[p] || own[p.Root()] }
}

// eachPart calls visit for x and, if it returns true, for the expressions in it, outermost first. conditional says that a
// part is computed only under a condition, or for each element of a list.
func eachPart(x ir.Expr, conditional bool, visit func(x ir.Expr, conditional bool) bool) {
	first := true
	ir.WalkExprs(x, func(in ir.Expr) bool {
		if !first {
			eachPart(in, conditional || !always(x, in), visit)
			return false
		}
		first = false
		return visit(x, conditional)
	})
}

// always reports whether a direct part of x is computed whenever x is.
func always(x, part ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Binary:
		return part == x.L || guardOf(x) == nil
	case *ir.Cond:
		return part == x.If
	case *ir.MatchExpr:
		return part == x.X
	case *ir.ListPipe:
		return part == x.List
	case *ir.QueryExpr:
		return false
	}
	return true
}
