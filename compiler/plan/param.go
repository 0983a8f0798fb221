package plan

import (
	"fmt"

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
		x = l.underGuards(withoutProof(x))
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
