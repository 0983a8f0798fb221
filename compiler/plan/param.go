package plan

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// environment has the arguments of an inlined function. The environment of the pipeline itself is nil.
type environment struct {
	args map[*ir.Var]argument
}

// argument is an expression with its scope.
type argument struct {
	x   ir.Expr
	env *environment
}

func (e *environment) lookup(v *ir.Var) (argument, bool) {
	if e == nil {
		return argument{}, false
	}
	a, ok := e.args[v]
	return a, ok
}

// param makes a parameter for an expression that does not depend on a row, or a constant for a literal. A path that is
// read twice gets one parameter.
func (l *lowerer) param(x ir.Expr) (relation.Expr, error) {
	if lit, ok := literal(x); ok {
		return &relation.Const{Value: lit.Value, Kind: kindOf(lit.T)}, nil
	}
	if name, ok := unstable(x); ok && l.query.Live {
		return nil, &notLive{x.Where(), fmt.Sprintf("`%s()` changes without a write, so rows would come and go without an event", name)}
	}
	if l.conditional > 0 {
		x = underProof(withoutProof(x))
	}
	path, isPath := ir.PathOf(x)
	if i, ok := l.known[path]; ok && isPath {
		return l.paramAt(i), nil
	}
	i := len(l.params)
	col := Column(fmt.Sprintf("p%d", i), x.Type())
	if name := paramName(x); name != "" {
		col.Name = name
	}
	l.params = append(l.params, col)
	l.args = append(l.args, x)
	if isPath {
		l.known[path] = i
	}
	return l.paramAt(i), nil
}

func (l *lowerer) paramAt(i int) *relation.Param {
	return &relation.Param{Index: i, Kind: l.params[i].Kind, Enum: l.params[i].Enum}
}

// literal returns the literal inside of conversions.
func literal(x ir.Expr) (*ir.Lit, bool) {
	switch x := x.(type) {
	case *ir.Lit:
		return x, true
	case *ir.Wrap:
		return literal(x.X)
	}
	return nil, false
}

// paramName returns the name of a parameter in messages and plans.
func paramName(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.Local:
		return x.Var.Name
	case *ir.CtxUser:
		return "ctx.user"
	case *ir.CtxIP:
		return "ctx.ip"
	case *ir.CtxPath:
		return "ctx.path"
	case *ir.CtxAdded:
		return "ctx." + x.Field.Name
	case *ir.EnvRef:
		return "env." + x.Env.Name
	case *ir.Wrap:
		return paramName(x.X)
	case *ir.Unwrap:
		return paramName(x.X)
	case *ir.FieldOf:
		if in := paramName(x.X); in != "" {
			return in + "." + x.Field.Name
		}
	}
	return ""
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

// underProof returns an expression that can be evaluated even if the conditions that proved its parts non-null do not
// hold. It is then null. Each part is tested after those inside of it.
func underProof(x ir.Expr) ir.Expr {
	var proofs []*ir.Unwrap
	ir.WalkExprs(x, func(x ir.Expr) bool {
		if u, ok := x.(*ir.Unwrap); ok {
			proofs = append(proofs, u)
		}
		_, query := x.(*ir.QueryExpr) // a query handles its own proofs
		return !query
	})
	if len(proofs) == 0 {
		return x
	}
	at := ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}
	var known ir.Expr
	for _, u := range slices.Backward(proofs) { // Walk visits inner ones later
		var there ir.Expr = &ir.Binary{At: at, Op: relation.Ne, L: u.X, R: &ir.Lit{At: ir.At{Pos: at.Pos, T: u.X.Type()}}}
		if known != nil {
			there = &ir.Binary{At: at, Op: relation.And, L: known, R: there}
		}
		known = there
	}
	t := x.Type()
	if _, optional := t.(*ir.Optional); !optional {
		t = &ir.Optional{Elem: t}
		x = &ir.Wrap{At: ir.At{Pos: at.Pos, T: t}, X: x}
	}
	return &ir.Cond{At: ir.At{Pos: at.Pos, T: t}, If: known, Then: x, Else: &ir.Lit{At: ir.At{Pos: at.Pos, T: t}}}
}

// readsVariable reports whether x reads a variable. A variable of an inlined function has a meaning only there.
func readsVariable(x ir.Expr) bool {
	found := false
	ir.WalkExprs(x, func(x ir.Expr) bool {
		_, is := x.(*ir.Local)
		found = found || is
		return !found
	})
	return found
}

// dependent reports whether an expression reads a row of the scope stack, or a table. In a live query this includes the
// functions that it calls, since changes of what they read must be noticed.
func (l *lowerer) dependent(x ir.Expr) bool {
	found := false
	visit := func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.Local:
			_, _, row := l.scopeOf(x.Var)
			found = found || row
		case *ir.QueryExpr:
			found = true
		}
		return !found
	}
	if l.query.Live {
		within(x, visit)
	} else {
		ir.WalkExprs(x, visit)
	}
	return found
}

// unstable finds a call in x whose value may change during a subscription. What is read from the request of a connection does not change.
func unstable(x ir.Expr) (name string, ok bool) {
	within(x, func(x ir.Expr) bool {
		switch x := x.(type) {
		case *ir.Builtin:
			if f := function.Of(x.Name); !f.Pure && !(f.Request && f.Stable) {
				name, ok = x.Name, true
			}
		case *ir.CallExtern:
			name, ok = x.Extern.Name, true
		}
		return !ok
	})
	return name, ok
}

// within calls visit for x and the expressions in it, including those of called functions, until visit returns false.
func within(x ir.Expr, visit func(ir.Expr) bool) {
	seen := map[*ir.Fn]bool{}
	var each func(ir.Expr) bool
	each = func(x ir.Expr) bool {
		if !visit(x) {
			return false
		}
		if c, ok := x.(*ir.CallFn); ok && !seen[c.Fn] {
			seen[c.Fn] = true
			ir.WalkExprs(c.Fn.Body, each)
		}
		return true
	}
	ir.WalkExprs(x, each)
}
