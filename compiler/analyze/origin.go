package analyze

import (
	"slices"

	"github.com/livec-lang/livec/compiler/ir"
)

// origin is where a part of a value comes from: a row protected by a policy, or a parameter of the analyzed function.
type origin struct {
	table *ir.Table // a table with a policy `read if`
	row   ir.Expr   // the row, as an expression of the analyzed code; nil if there is no such expression
	self  bool      // the value is the row itself, or a list of such rows
	past  bool      // the row was read before this call, so it may have changed
	param *ir.Var   // the parameter, when a function is summarized; of the other fields only self is then set
}

// origins describes where the parts of a value come from. It leaves out rows that only decided about the value or were
// counted: no field of them is in the value.
type origins []origin

func together(sets ...origins) origins {
	var out origins
	for _, set := range sets {
		for _, o := range set {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// parts returns the origins for something made from the value.
func (os origins) parts() origins {
	out := slices.Clone(os)
	for i := range out {
		out[i].self = false
	}
	return together(out)
}

// rowOf returns the origins of a row of a table; nil if the table has no read policy.
func rowOf(t *ir.Table) origins {
	if t == nil || t.ReadIf == nil {
		return nil
	}
	return origins{{table: t, self: true}}
}

// tracer follows rows that are protected by policies through values.
type tracer struct {
	fns   map[*ir.Fn]origins
	added map[*ir.Field]origins // what guards add to ctx
	users map[*ir.Var]bool      // variables that hold the user, or a part of it
}

// vars maps the variables of a body to their origins. A variable that is missing comes from outside.
type vars map[*ir.Var]origins

func newTracer(p *ir.Program) *tracer {
	t := &tracer{fns: map[*ir.Fn]origins{}, added: map[*ir.Field]origins{}, users: map[*ir.Var]bool{}}
	for changed := true; changed; { // functions may be recursive, and guards may call them
		changed = false
		for _, m := range p.Modules {
			for _, f := range m.Fns {
				found := t.result(f.Params, f.Body)
				changed = changed || len(found) != len(t.fns[f])
				t.fns[f] = found
			}
			for _, g := range m.Guards {
				changed = t.guard(g) || changed
			}
		}
	}
	return t
}

// result describes the result of a function: as parts of its parameters, and rows of its own. No expression outside of the
// function denotes those rows.
func (t *tracer) result(params []*ir.Var, b *ir.Block) origins {
	in := vars{}
	for _, p := range params {
		in[p] = origins{{param: p, self: true}}
	}
	var out origins
	t.returned(in, b, func(x ir.Expr) { out = together(out, unnamed(t.expr(in, x))) })
	return out
}

// unnamed returns origins without the expressions for their rows, for use outside of the body.
func unnamed(os origins) origins {
	out := slices.Clone(os)
	for i := range out {
		out[i].row = nil
	}
	return together(out)
}

// guard finds out what a guard adds to ctx, and reports whether this is more than was known. Its parameters are those of
// entry points, which clients send.
func (t *tracer) guard(g *ir.Guard) bool {
	if g.Adds == nil {
		return false
	}
	in := vars{}
	for _, p := range g.Params {
		in[p] = nil
	}
	changed := false
	t.returned(in, g.Body, func(x ir.Expr) {
		for _, f := range g.Adds.Fields {
			found := t.expr(in, x).parts()
			if r, ok := x.(*ir.RecordLit); ok {
				found = t.member(in, r.Fields, f.Name)
			}
			more := together(t.added[f], unnamed(found))
			changed = changed || len(more) != len(t.added[f])
			t.added[f] = more
		}
	})
	return changed
}

func (t *tracer) member(in vars, fields []ir.FieldInit, name string) origins {
	for _, f := range fields {
		if f.Field != nil && f.Field.Name == name {
			return t.expr(in, f.X)
		}
	}
	return nil
}

// returned calls visit for each value that a body returns, with the variables known there.
func (t *tracer) returned(in vars, b *ir.Block, visit func(ir.Expr)) {
	ir.Walk(b, func(n ir.Node) bool {
		switch s := n.(type) {
		case ir.Expr:
			return false
		case *ir.Return:
			if s.X != nil {
				visit(s.X)
			}
		case ir.Stmt:
			t.binds(in, s)
		}
		return true
	})
}

// binds records what the variables of a statement hold.
func (t *tracer) binds(in vars, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.Let:
		in[s.Var] = t.expr(in, s.Init)
		t.users[s.Var] = t.ofCaller(s.Init)
	case *ir.For:
		over := t.expr(in, s.Over)
		t.users[s.Var] = t.ofCaller(s.Over) && !guarded(s.Var.Type)
		in[s.Var] = named(over, &ir.Local{At: ir.At{Pos: s.Pos, T: s.Var.Type}, Var: s.Var})
		if s.Value != nil {
			t.users[s.Value] = t.ofCaller(s.Over) && !guarded(s.Value.Type)
			in[s.Var], in[s.Value] = over.parts(), named(over, &ir.Local{At: ir.At{Pos: s.Pos, T: s.Value.Type}, Var: s.Value})
		}
	case *ir.Match:
		for _, a := range s.Arms {
			if a.Bind != nil {
				in[a.Bind] = t.expr(in, s.X)
				t.users[a.Bind] = t.ofCaller(s.X) && !guarded(a.Bind.Type)
			}
		}
	}
}

// named returns the origins of x. Where x is the row itself, it becomes the row's expression.
func named(os origins, x ir.Expr) origins {
	r := recordOf(x.Type())
	if r == nil || r.Table == nil {
		return os
	}
	out := slices.Clone(os)
	for i, o := range out {
		if o.self && o.table == r.Table {
			out[i].row = x
		}
	}
	return together(out)
}

func recordOf(t ir.Type) *ir.Record {
	if o, ok := t.(*ir.Optional); ok {
		t = o.Elem
	}
	r, _ := t.(*ir.Record)
	return r
}

// names reports whether a field only identifies a row: it is the row's key, or a reference.
func names(f *ir.Field, of ir.Type) bool {
	t := f.Type
	if o, ok := t.(*ir.Optional); ok {
		t = o.Elem
	}
	if s, ok := t.(*ir.Scalar); ok && s.Kind == ir.ID {
		return true
	}
	r := recordOf(of)
	return r != nil && r.Table != nil && slices.ContainsFunc(r.Table.Key, func(k *ir.Field) bool { return k.Name == f.Name })
}
