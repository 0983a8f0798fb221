package plan

import (
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// expr lowers an expression over the rows of the scope stack. The largest parts that do not depend on a row become
// parameters, which the caller computes once.
func (l *lowerer) expr(x ir.Expr) (relation.Expr, error) {
	if !l.dependent(x) && (l.env == nil || !readsVariable(x)) {
		return l.param(x)
	}
	switch x := x.(type) {
	case *ir.Lit:
		return &relation.Const{Value: x.Value, Kind: kindOf(x.T)}, nil
	case *ir.Local:
		return l.local(x)
	case *ir.FieldOf:
		return l.field(x)
	case *ir.Wrap:
		return l.expr(x.X)
	case *ir.Unwrap:
		return l.expr(x.X)
	case *ir.ToFloat:
		return l.function("float", x.T, x.X)
	case *ir.FromEnum:
		return l.function("string", x.T, x.X)
	case *ir.Unary:
		in, err := l.expr(x.X)
		if err != nil {
			return nil, err
		}
		return &relation.Unary{Op: x.Op, X: in, Kind: kindOf(x.T)}, nil
	case *ir.Binary:
		return l.binary(x)
	case *ir.In:
		return l.in(x)
	case *ir.Cond:
		return l.cond(x)
	case *ir.MatchExpr:
		return l.match(x)
	case *ir.Interp:
		return l.interp(x)
	case *ir.Builtin:
		return l.builtin(x)
	case *ir.CallFn:
		return l.call(x)
	case *ir.QueryExpr:
		return l.sub(x)
	}
	return nil, unplannablef(x.Where(), "the database cannot compute this for each row")
}

// local lowers a variable that is an argument of an inlined function, in the scope of the call.
func (l *lowerer) local(x *ir.Local) (relation.Expr, error) {
	arg, ok := l.env.lookup(x.Var)
	if !ok {
		if depth, schema, row := l.scopeOf(x.Var); row && len(schema) == 1 && schema[0].Name == "" { // the rows are single values
			return column(schema, depth, 0), nil
		}
		return nil, unplannablef(x.Pos, "`%s` is a whole row here; name one of its fields", x.Var.Name)
	}
	inner := l.env
	l.env = arg.env
	defer func() { l.env = inner }()
	return l.expr(arg.x)
}

// field lowers a field of a row, of a record in a column, or of an argument of an inlined function.
func (l *lowerer) field(x *ir.FieldOf) (relation.Expr, error) {
	if v, ok := l.rowVar(x.X); ok {
		depth, schema, found := l.scopeOf(v)
		if found {
			for i, c := range schema {
				if c.Name == x.Field.Name {
					return column(schema, depth, i), nil
				}
			}
			return nil, unplannablef(x.Pos, "the rows have no field `%s` at this stage", x.Field.Name)
		}
	}
	in, err := l.expr(x.X)
	if err != nil {
		return nil, err
	}
	col, ok := in.(*relation.Col)
	if !ok || col.Kind != relation.Record && col.Kind != relation.JSONKind {
		return nil, unplannablef(x.Pos, "the database cannot read a field of this value")
	}
	member := Column("", x.T)
	return &relation.Col{
		Depth: col.Depth, Index: col.Index, Kind: member.Kind, Enum: member.Enum,
		Path: append(append([]string(nil), col.Path...), x.Field.Name),
	}, nil
}

// rowVar returns the variable that x is, after replacing arguments of inlined functions and removing conversions.
func (l *lowerer) rowVar(x ir.Expr) (*ir.Var, bool) {
	env := l.env
	for {
		switch e := x.(type) {
		case *ir.Unwrap:
			x = e.X
		case *ir.Wrap:
			x = e.X
		case *ir.Fit:
			x = e.X
		case *ir.Local:
			arg, ok := env.lookup(e.Var)
			if !ok {
				return e.Var, true
			}
			x, env = arg.x, arg.env
		default:
			return nil, false
		}
	}
}

// scopeOf finds the row that a variable denotes.
func (l *lowerer) scopeOf(v *ir.Var) (depth int, schema relation.Schema, ok bool) {
	for i := len(l.scopes) - 1; i >= 0; i-- {
		if l.scopes[i].vars[v] {
			return len(l.scopes) - 1 - i, l.scopes[i].schema, true
		}
	}
	return 0, nil, false
}

func (l *lowerer) binary(x *ir.Binary) (relation.Expr, error) {
	left, err := l.expr(x.L)
	if err != nil {
		return nil, err
	}
	lower := l.expr
	if guard := guardOf(x); guard != nil {
		lower = func(x ir.Expr) (relation.Expr, error) { return l.guarded(guard, x) }
	}
	right, err := lower(x.R)
	if err != nil {
		return nil, err
	}
	of := Column("", x.L.Type())
	if _, null := x.L.Type().(*ir.Null); null {
		of = Column("", x.R.Type())
	}
	return &relation.Binary{Op: x.Op, L: left, R: right, Kind: kindOf(x.T), Of: of.Kind, Enum: of.Enum}, nil
}

func (l *lowerer) in(x *ir.In) (relation.Expr, error) {
	left, err := l.expr(x.X)
	if err != nil {
		return nil, err
	}
	of := Column("", x.X.Type())
	if q, ok := x.List.(*ir.QueryExpr); ok {
		inner, err := l.nested(q.Query)
		if err != nil {
			return nil, err
		}
		if inner.single || len(inner.schema) != 1 {
			return nil, unplannablef(x.Pos, "`in` needs a pipeline of single values: end it with `map .field`")
		}
		return &relation.InPlan{X: left, Plan: inner.node, Of: of.Kind}, nil
	}
	if lit, env := l.listed(x.List); lit != nil && (env != nil || l.dependent(lit)) {
		around := l.env
		l.env = env
		defer func() { l.env = around }()
		return l.oneOf(left, of, lit.Elems)
	}
	list, err := l.expr(x.List)
	if err != nil {
		return nil, err
	}
	return &relation.InList{X: left, List: list, Of: of.Kind}, nil
}

// listed returns the list literal that x is, after replacing arguments of inlined functions, with its scope; nil if there is none.
func (l *lowerer) listed(x ir.Expr) (lit *ir.ListLit, env *environment) {
	env = l.env
	for {
		switch e := x.(type) {
		case *ir.ListLit:
			return e, env
		case *ir.Wrap:
			x = e.X
		case *ir.Unwrap:
			x = e.X
		case *ir.Local:
			arg, found := env.lookup(e.Var)
			if !found {
				return nil, nil
			}
			x, env = arg.x, arg.env
		default:
			return nil, nil
		}
	}
}

// oneOf lowers x in [a, b].
func (l *lowerer) oneOf(left relation.Expr, of relation.Column, elems []ir.Expr) (relation.Expr, error) {
	out := make([]relation.Expr, len(elems))
	for i, e := range elems {
		var err error
		if out[i], err = l.expr(e); err != nil {
			return nil, err
		}
	}
	return relation.OneOf(left, of.Kind, of.Enum, out...), nil
}

// equals compares two values of the kind of a column.
func equals(l, r relation.Expr, of relation.Column) relation.Expr {
	return &relation.Binary{Op: relation.Eq, L: l, R: r, Kind: relation.Bool, Of: of.Kind, Enum: of.Enum}
}

// joined combines x with the conditions before it. Each may be nil.
func joined(op relation.Op, before, x relation.Expr) relation.Expr {
	if before == nil {
		return x
	}
	if x == nil {
		return before
	}
	return &relation.Binary{Op: op, L: before, R: x, Kind: relation.Bool, Of: relation.Bool}
}

func (l *lowerer) cond(x *ir.Cond) (relation.Expr, error) {
	test, err := l.expr(x.If)
	if err != nil {
		return nil, err
	}
	then, err := l.guarded(x.If, x.Then)
	if err != nil {
		return nil, err
	}
	other, err := l.guarded(not(x.If), x.Else)
	if err != nil {
		return nil, err
	}
	return &relation.Cond{If: test, Then: then, Else: other, Kind: kindOf(x.T)}, nil
}

// match lowers a match to a chain of conditional expressions. A match is exhaustive, so the last arm needs no test. The
// first test computes the value; without tests it must be computed too, since it may fail.
func (l *lowerer) match(x *ir.MatchExpr) (relation.Expr, error) {
	of := Column("", x.X.Type())
	var out relation.Expr
	for i := len(x.Arms) - 1; i >= 0; i-- {
		arm := x.Arms[i]
		if arm.Bind != nil {
			return nil, unplannablef(x.Pos, "the database cannot compute a match on a union")
		}
		then, err := l.guarded(guardOfArm(x, i), arm.X)
		if err != nil {
			return nil, err
		}
		if out == nil || arm.Values == nil {
			out = then
			continue
		}
		subject, err := l.expr(x.X)
		if err != nil {
			return nil, err
		}
		test, err := l.oneOf(subject, of, arm.Values)
		if err != nil {
			return nil, err
		}
		out = &relation.Cond{If: test, Then: then, Else: out, Kind: kindOf(x.T)}
	}
	if len(x.Arms) > 1 {
		return out, nil
	}
	done, err := l.computed(x.X)
	if err != nil {
		return nil, err
	}
	return relation.After(done, out), nil
}

func (l *lowerer) interp(x *ir.Interp) (relation.Expr, error) {
	var out relation.Expr = &relation.Const{Value: "", Kind: relation.Text}
	for i, p := range x.Parts {
		part, err := l.expr(p)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = part
			continue
		}
		out = &relation.Binary{Op: relation.Cat, L: out, R: part, Kind: relation.Text, Of: relation.Text}
	}
	return out, nil
}

// sub lowers a pipeline that returns one value for each row.
func (l *lowerer) sub(x *ir.QueryExpr) (relation.Expr, error) {
	inner, err := l.nested(x.Query)
	if err != nil {
		return nil, err
	}
	reduce, ok := inner.node.(*relation.Reduce)
	if !ok {
		return nil, unplannablef(x.Pos, "a pipeline inside a stage must end in one value, such as `count()` or `first()`")
	}
	kind := kindOf(x.T)
	if reduce.Agg.Func == relation.First {
		kind = relation.Record
	}
	return &relation.Sub{Plan: reduce, Kind: kind}, nil
}

// nested lowers a pipeline inside an expression over rows.
func (l *lowerer) nested(q *ir.Query) (*rows, error) {
	env, system := l.env, l.system
	defer func() { l.env, l.system = env, system }()
	l.system = q.System
	return l.pipeline(q.Pipeline, false)
}

func kindOf(t ir.Type) relation.Kind { return Column("", t).Kind }
