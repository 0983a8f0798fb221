package plan

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
	"github.com/livec-lang/livec/relation/function"
)

// environment gives the arguments of a function that is written out in place. nil is the scope of the pipeline itself.
type environment struct {
	args map[*ir.Var]argument
}

// argument is an expression with the scope it stands in.
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

// param makes a parameter of an expression that depends on no row, or a constant of a literal. The same path read twice is one parameter.
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

// literal sees through the conversions around a literal.
func literal(x ir.Expr) (*ir.Lit, bool) {
	switch x := x.(type) {
	case *ir.Lit:
		return x, true
	case *ir.Wrap:
		return literal(x.X)
	}
	return nil, false
}

// paramName is what a parameter is called in messages and plans.
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

// withoutProof makes a path safe to read where the condition that proved it non-null may not hold: null then stands for the whole.
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

// underProof makes an expression safe to compute where what its parts rely on may be null: null then stands for the whole. Each proof
// is tested behind those it relies on itself.
func underProof(x ir.Expr) ir.Expr {
	var proofs []*ir.Unwrap
	ir.WalkExprs(x, func(x ir.Expr) bool {
		if u, ok := x.(*ir.Unwrap); ok {
			proofs = append(proofs, u)
		}
		_, query := x.(*ir.QueryExpr) // which proves what it needs itself
		return !query
	})
	if len(proofs) == 0 {
		return x
	}
	at := ir.At{Pos: x.Where(), T: &ir.Scalar{Kind: ir.Bool}}
	var known ir.Expr
	for _, u := range slices.Backward(proofs) { // inner ones come later in Walk
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

// readsVariable reports whether x reads a variable: one of a function that is written out in place means something there alone.
func readsVariable(x ir.Expr) bool {
	found := false
	ir.WalkExprs(x, func(x ir.Expr) bool {
		_, is := x.(*ir.Local)
		found = found || is
		return !found
	})
	return found
}

// dependent reports whether an expression reads a row of the scope stack, or a table. In a live query this goes for the functions that
// it calls as well, so that what they read is followed.
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

// unstable finds a call in x whose value may change while somebody is subscribed. What is read of the request of a connection stays.
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

// within calls visit with x and the expressions in it, and those of the functions that it calls, until visit returns false.
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
