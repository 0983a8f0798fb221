package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
)

// expr returns the origins of a value.
func (t *tracer) expr(in vars, x ir.Expr) origins {
	if x == nil {
		return nil
	}
	os := t.node(in, x)
	if len(os) == 0 {
		return nil
	}
	for _, o := range os { // a row keeps the first name it was given
		if o.self && o.row == nil && o.table != nil {
			return named(os, x)
		}
	}
	return os
}

func (t *tracer) node(in vars, x ir.Expr) origins {
	switch x := x.(type) {
	case *ir.Lit, *ir.EnvRef, *ir.CtxIP, *ir.CtxPath, *ir.CtxCursor:
		return nil
	case *ir.CtxUser:
		return t.caller(x.T)
	case *ir.CtxAdded:
		return t.added[x.Field]
	case *ir.Local:
		if os, ok := in[x.Var]; ok {
			return os
		}
		return t.outside(x.T)
	case *ir.FieldOf:
		return t.field(in, x)
	case *ir.Index:
		return t.expr(in, x.X)
	case *ir.Wrap:
		return t.expr(in, x.X)
	case *ir.Unwrap:
		return t.expr(in, x.X)
	case *ir.Check:
		return t.expr(in, x.X)
	case *ir.Fit:
		if !shows(x) {
			return nil
		}
		if t.ofCaller(x.X) {
			return t.fitted(x)
		}
		return t.within(in, x)
	case *ir.Binary:
		return t.binary(in, x)
	case *ir.In: // a test does not show a field
		return nil
	case *ir.ToFloat, *ir.ToEnum, *ir.FromEnum, *ir.As, *ir.Unary, *ir.Interp, *ir.RecordLit, *ir.MapLit, *ir.CallExtern:
		return t.within(in, x)
	case *ir.ListLit:
		var out origins
		for _, e := range x.Elems {
			out = together(out, t.expr(in, e))
		}
		return out
	case *ir.Cond:
		return together(t.expr(in, x.Then), t.expr(in, x.Else))
	case *ir.MatchExpr:
		return t.match(in, x)
	case *ir.CallFn:
		return t.call(in, x)
	case *ir.Builtin:
		return t.builtin(in, x)
	case *ir.QueryExpr:
		return t.query(in, x.Query)
	case *ir.ListPipe:
		return t.listPipe(in, x)
	case *ir.Insert:
		return rowOf(x.Table)
	case *ir.Upsert:
		return rowOf(x.Table)
	case *ir.UpdateRow:
		return rowOf(x.Table)
	case *ir.DeleteRow:
		return rowOf(x.Table)
	case *ir.UpdateWhere, *ir.DeleteWhere: // they return the number of rows
		return nil
	}
	panic(unknown(x))
}

// binary returns the origins of an operator's result. A comparison tests its operands and shows neither.
func (t *tracer) binary(in vars, x *ir.Binary) origins {
	switch x.Op {
	case relation.Eq, relation.Ne, relation.Lt, relation.Le, relation.Gt, relation.Ge:
		return nil
	case relation.Coal:
		return together(t.expr(in, x.L), t.expr(in, x.R))
	}
	return t.within(in, x)
}

// shows reports whether a record converted from another one contains more than fields that identify a row.
func shows(x *ir.Fit) bool {
	r, ok := x.T.(*ir.Record)
	if !ok {
		return true
	}
	return slices.ContainsFunc(r.Fields, func(f *ir.Field) bool { return !names(f, x.X.Type()) })
}

func isBool(t ir.Type) bool {
	s, ok := t.(*ir.Scalar)
	return ok && s.Kind == ir.Bool
}

// outside returns the origins of a value from outside of the body: the row of an event or of a schedule.
func (t *tracer) outside(of ir.Type) origins {
	if l, ok := of.(*ir.List); ok {
		of = l.Elem
	}
	if r := recordOf(of); r != nil {
		os := rowOf(r.Table)
		for i := range os {
			os[i].past = true
		}
		return os
	}
	return nil
}

// within returns the origins of all direct parts of an expression, as parts of its result.
func (t *tracer) within(in vars, x ir.Expr) origins {
	var out origins
	ir.Walk(x, func(n ir.Node) bool {
		part, ok := n.(ir.Expr)
		if !ok || part == x {
			return true
		}
		out = together(out, t.expr(in, part).parts())
		return false
	})
	return out
}

// field returns the origins of a field of a value: none if the field only identifies a row. If the record was made in place,
// they are those of the field's initial value.
func (t *tracer) field(in vars, x *ir.FieldOf) origins {
	if names(x.Field, x.X.Type()) {
		return nil
	}
	if r, ok := x.X.(*ir.RecordLit); ok {
		return t.member(in, r.Fields, x.Field.Name)
	}
	if t.ofCaller(x.X) {
		return held(x.Field.Type)
	}
	return t.expr(in, x.X).parts()
}

func (t *tracer) match(in vars, x *ir.MatchExpr) origins {
	var out origins
	of := t.expr(in, x.X)
	for _, a := range x.Arms {
		if a.Bind != nil {
			in[a.Bind] = of
			t.users[a.Bind] = t.ofCaller(x.X) && !guarded(a.Bind.Type)
		}
		out = together(out, t.expr(in, a.X))
	}
	return out
}

// call returns the origins of a function's result for these arguments.
func (t *tracer) call(in vars, x *ir.CallFn) origins {
	var out origins
	for _, o := range t.fns[x.Fn] {
		if o.param == nil {
			out = together(out, origins{o})
			continue
		}
		for i, p := range x.Fn.Params {
			if p != o.param {
				continue
			}
			given := t.expr(in, x.Args[i])
			if !o.self {
				given = given.parts()
			}
			out = together(out, given)
		}
	}
	return out
}

func (t *tracer) builtin(in vars, x *ir.Builtin) origins {
	switch x.Name {
	case "session": // the caller's own
		return nil
	case "length":
		return nil
	case "concat", "reverse", "slice", "last", "unique", "values", "startSession":
		var out origins
		for _, a := range x.Args {
			out = together(out, t.expr(in, a))
		}
		return out
	}
	if isBool(x.T) {
		return nil
	}
	return t.within(in, x)
}

// query returns the origins of the result of a pipeline over tables.
func (t *tracer) query(in vars, q *ir.Query) origins {
	row := rowOf(q.Pipeline.Table)
	for _, s := range q.Pipeline.Stages {
		switch s := s.(type) {
		case *ir.FilterStage, *ir.SortStage, *ir.LimitStage, *ir.PageStage, *ir.FindStage:
		case *ir.JoinStage:
			shows := false
			for _, f := range s.Fields {
				shows = shows || !names(f, s.Right.Row)
			}
			row = row.parts()
			if shows {
				row = together(row, rowOf(s.Right).parts())
			}
		case *ir.MapStage:
			in[s.Row] = row
			if s.X != nil {
				row = t.expr(in, s.X).parts()
				break
			}
			row = t.inits(in, s.Fields)
		case *ir.GroupStage:
			in[s.Row] = row
			out := t.inits(in, s.Keys)
			for _, a := range s.Aggs {
				out = together(out, t.reduced(in, a.Func, row, a.X))
			}
			row = out
		case *ir.ReduceStage:
			in[s.Row] = row
			row = t.reduced(in, s.Func, row, s.X)
		default:
			panic(unknown(s))
		}
	}
	return unnamed(row) // outside of its pipeline, no expression denotes the row
}

func (t *tracer) inits(in vars, fields []ir.FieldInit) origins {
	var out origins
	for _, f := range fields {
		out = together(out, t.expr(in, f.X).parts())
	}
	return out
}

// reduced returns the origins of a value that rows are reduced to. A count, and whether there are any rows, shows no field.
func (t *tracer) reduced(in vars, name string, row origins, x ir.Expr) origins {
	switch name {
	case "count", "any", "all":
		return nil
	case "first":
		return row
	case "sum", "avg", "min", "max":
		return t.expr(in, x).parts()
	}
	panic("compiler/analyze has no rule for the stage " + name)
}

// listPipe returns the origins of the result of a pipeline over a list.
func (t *tracer) listPipe(in vars, x *ir.ListPipe) origins {
	row := t.expr(in, x.List)
	for _, s := range x.Stages {
		if s.Row != nil {
			in[s.Row] = unnamed(row)
		}
		switch s.Name {
		case "filter", "sort", "limit", "find", "first":
			row = unnamed(row)
		case "map":
			row = unnamed(t.expr(in, s.X))
		default:
			row = t.reduced(in, s.Name, row, s.X)
		}
	}
	return row
}
