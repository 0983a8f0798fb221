package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// maxDepth bounds the depth of inlined function calls, and so ends recursive ones.
const maxDepth = 16

// call inlines a function. Its arguments take the places of its parameters. An argument that may fail and that the body
// may not compute is computed first, as for any call.
func (l *lowerer) call(x *ir.CallFn) (relation.Expr, error) {
	body := result(x.Fn)
	if body == nil {
		return nil, unplannablef(x.Pos, "the database cannot compute `%s`, because it is more than one expression", x.Fn.Name)
	}
	if l.depth == maxDepth {
		return nil, unplannablef(x.Pos, "the database cannot compute `%s`, because it calls itself", x.Fn.Name)
	}
	used := map[*ir.Var]bool{}
	eachPart(body, false, func(x ir.Expr, conditional bool) bool {
		if v, ok := x.(*ir.Local); ok && !conditional {
			used[v.Var] = true
		}
		return !conditional
	})
	env := &environment{args: map[*ir.Var]argument{}}
	var done relation.Expr
	for i, p := range x.Fn.Params {
		env.args[p] = argument{x.Args[i], l.env}
		if used[p] {
			continue
		}
		one, err := l.computed(x.Args[i])
		if err != nil {
			return nil, err
		}
		done = joined(relation.And, done, one)
	}
	before := l.env
	l.env = env
	l.depth++
	defer func() { l.env = before; l.depth-- }()
	out, err := l.expr(body)
	if err != nil {
		return nil, err
	}
	return relation.After(done, out), nil
}

// result returns the expression that a function returns, or nil if its body is more than that.
func result(f *ir.Fn) ir.Expr {
	if f.Body != nil && len(f.Body.Stmts) == 1 {
		if r, ok := f.Body.Stmts[0].(*ir.Return); ok {
			return r.X
		}
	}
	return nil
}

// computed returns a condition that is true, and fails if computing x does; nil if x cannot fail.
func (l *lowerer) computed(x ir.Expr) (relation.Expr, error) {
	if !mayFail(x) {
		return nil, nil
	}
	var parts []ir.Expr // of what the database does not compute as a whole
	switch x := x.(type) {
	case *ir.ListLit:
		parts = x.Elems
	case *ir.RecordLit:
		for _, f := range x.Fields {
			parts = append(parts, f.X)
		}
	case *ir.Wrap:
		return l.computed(x.X)
	case *ir.Unwrap:
		return l.computed(x.X)
	case *ir.Fit:
		return l.computed(x.X)
	default:
		out, err := l.expr(x)
		if err != nil {
			return nil, err
		}
		return relation.Computed(out), nil
	}
	var done relation.Expr
	for _, part := range parts {
		one, err := l.computed(part)
		if err != nil {
			return nil, err
		}
		done = joined(relation.And, done, one)
	}
	return done, nil
}
