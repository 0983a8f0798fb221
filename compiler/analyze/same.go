package analyze

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/relation"
	facts "github.com/livec-lang/livec/relation/function"
)

// scope maps the variables of a piece of code to values, so that expressions of two pieces can be compared. Two expressions
// with the same text have the same value.
type scope struct {
	vars   map[*ir.Var]bound
	added  map[*ir.Field]bound                     // what guards have added to ctx
	sender bool                                    // this is the code that publishes: its caller is not the recipient
	rows   int                                     // the number of enclosing pipelines
	keeps  func(u *ir.UpdateRow, f *ir.Field) bool // whether an update leaves the field of its row as it was
	texts  map[ir.Expr]string                      // known texts, so that a value with many variables is written once
}

// bound is an expression with its scope.
type bound struct {
	x  ir.Expr
	in *scope
}

func newScope() *scope {
	return &scope{vars: map[*ir.Var]bound{}, added: map[*ir.Field]bound{}, texts: map[ir.Expr]string{}}
}

// resolved replaces variables by their values, and removes conversions that keep the value.
func (s *scope) resolved(x ir.Expr) bound {
	switch y := x.(type) {
	case *ir.Wrap:
		return s.resolved(y.X)
	case *ir.Unwrap:
		return s.resolved(y.X)
	case *ir.Check:
		return s.resolved(y.X)
	case *ir.FromEnum:
		return s.resolved(y.X)
	case *ir.Builtin: // an id is a text
		if (y.Name == "string" || y.Name == "id") && textual(y.Args[0].Type()) {
			return s.resolved(y.Args[0])
		}
	case *ir.Local:
		if b, ok := s.vars[y.Var]; ok && b.x != nil {
			return b.in.resolved(b.x)
		}
	case *ir.CtxAdded:
		if b, ok := s.added[y.Field]; ok {
			return b.in.resolved(b.x)
		}
	case *ir.FieldOf:
		if b, ok := s.resolved(y.X).field(y.Field.Name); ok {
			return b.in.resolved(b.x)
		}
	}
	return bound{x, s}
}

func textual(t ir.Type) bool {
	s, ok := t.(*ir.Scalar)
	return ok && (s.Kind == ir.String || s.Kind == ir.ID)
}

// field returns the value of a field, if the record was made or written by this expression.
func (b bound) field(name string) (bound, bool) {
	find := func(fields []ir.FieldInit) (bound, bool) {
		for _, f := range fields {
			// A default such as newId() is one expression for many rows, so it does not identify a value.
			if f.Field != nil && f.Field.Name == name && !newChanges().in(f.X) {
				return bound{f.X, b.in}, true
			}
		}
		return bound{}, false
	}
	switch x := b.x.(type) {
	case *ir.RecordLit:
		return find(x.Fields)
	case *ir.Insert:
		return find(x.Fields)
	case *ir.Upsert: // the other fields may be those of the existing row
		for _, i := range x.By {
			if x.Table.Row.Fields[i].Name == name {
				return find(x.Fields)
			}
		}
		return find(x.Set)
	case *ir.UpdateRow:
		if x.Patch != nil {
			break
		}
		if set, ok := find(x.Set); ok {
			return set, true
		}
		for _, f := range x.Table.Row.Fields {
			if f.Name == name && b.in.keeps != nil && b.in.keeps(x, f) {
				return bound{&ir.FieldOf{At: ir.At{Pos: x.Pos, T: f.Type}, X: x.Row, Field: f}, b.in}, true
			}
		}
	}
	return bound{}, false
}

// text returns a normal form of an expression. An expression that has none, or whose value may differ each time, equals only
// itself.
func (s *scope) text(x ir.Expr) string {
	b := s.resolved(x)
	known, ok := b.in.texts[b.x]
	if !ok {
		known = b.in.write(b.x)
		if len(known) > maxText {
			known = fmt.Sprintf("%x", sha256.Sum256([]byte(known)))
		}
		b.in.texts[b.x] = known
	}
	return known
}

// maxText is the length above which a normal form is replaced by its digest.
const maxText = 1000

// write writes the normal form of a resolved expression.
func (s *scope) write(x ir.Expr) string {
	caller := "ctx"
	if s.sender {
		caller = "sender"
	}
	switch x := x.(type) {
	case *ir.Lit:
		return fmt.Sprintf("%#v", x.Value)
	case *ir.EnvRef:
		return "env." + x.Env.Name
	case *ir.CtxUser:
		return caller + ".user"
	case *ir.CtxIP:
		return caller + ".ip"
	case *ir.CtxAdded:
		return fmt.Sprintf("%s.%p", caller, x.Field)
	case *ir.Local:
		if b, ok := s.vars[x.Var]; ok && b.in == nil {
			return fmt.Sprintf("row%d", s.rows)
		}
		return fmt.Sprintf("var%p", x.Var)
	case *ir.FieldOf:
		return s.text(x.X) + "." + x.Field.Name
	case *ir.ToFloat:
		return "float(" + s.text(x.X) + ")"
	case *ir.Unary:
		return fmt.Sprintf("%v(%s)", x.Op, s.text(x.X))
	case *ir.Binary:
		return s.binary(x)
	case *ir.In:
		return "in(" + s.text(x.X) + "," + s.text(x.List) + ")"
	case *ir.ListLit:
		return "[" + s.list(x.Elems) + "]"
	case *ir.CallFn:
		if !s.sender && !newChanges().in(x) {
			return fmt.Sprintf("fn%p(%s)", x.Fn, s.list(x.Args))
		}
	case *ir.Builtin:
		if !s.sender && stable(x.Name) {
			return x.Name + "(" + s.list(x.Args) + ")"
		}
	case *ir.QueryExpr:
		if !s.sender && !newChanges().in(x) {
			return s.query(x.Query)
		}
	}
	return fmt.Sprintf("expr%p", x)
}

func (s *scope) list(xs []ir.Expr) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = s.text(x)
	}
	return strings.Join(out, ",")
}

// binary writes the sides of an equation in a fixed order.
func (s *scope) binary(x *ir.Binary) string {
	sides := []string{s.text(x.L), s.text(x.R)}
	if x.Op == relation.Eq || x.Op == relation.Ne {
		slices.Sort(sides)
	}
	return fmt.Sprintf("%v(%s,%s)", x.Op, sides[0], sides[1])
}

// query writes the normal form of a pipeline, if it only has the stages that policies and guards use.
func (s *scope) query(q *ir.Query) string {
	in := newScope()
	in.added, in.rows = s.added, s.rows+1
	for v, b := range s.vars {
		in.vars[v] = b
		if b.in == nil { // the row of an enclosing pipeline
			in.vars[v] = bound{x: &ir.Local{At: ir.At{T: v.Type}, Var: v}, in: s}
		}
	}
	out := fmt.Sprintf("%p", q.Pipeline.Table)
	for _, st := range q.Pipeline.Stages {
		switch st := st.(type) {
		case *ir.FilterStage:
			in.vars[st.Row] = bound{}
			out += "|filter " + in.text(st.Cond)
		case *ir.FindStage:
			out += "|find " + in.list(st.Keys)
		case *ir.LimitStage:
			out += fmt.Sprintf("|limit %d", st.N)
		case *ir.ReduceStage:
			in.vars[st.Row] = bound{}
			out += "|" + st.Func
			if st.X != nil {
				out += " " + in.text(st.X)
			}
		default:
			return fmt.Sprintf("query%p", q)
		}
	}
	if !q.System && protected(q) {
		return "(as the caller " + out + ")"
	}
	return "(" + out + ")"
}

// protected reports whether a query reads a table with a read policy, directly or in the queries inside of it.
func protected(q *ir.Query) bool {
	found := false
	ir.Walk(q, func(n ir.Node) bool {
		if in, ok := n.(*ir.Query); ok {
			found = found || slices.ContainsFunc(tablesOf(in), func(t *ir.Table) bool { return t.ReadIf != nil })
		}
		return !found
	})
	return found
}

// stable reports whether a built-in function returns the same value for the same arguments for the life of a connection.
func stable(name string) bool {
	f := facts.Of(name)
	return f.Pure || f.Request && !f.Writes // a connection has one request
}

// changes finds out whether the value of code may differ each time. If it may, an earlier check of it proves nothing about
// later.
type changes struct {
	fns    map[*ir.Fn]bool
	tables map[*ir.Table]bool
}

func newChanges() *changes { return &changes{map[*ir.Fn]bool{}, map[*ir.Table]bool{}} }

func (c *changes) in(n ir.Node) bool {
	found := false
	ir.Walk(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Builtin:
			found = found || !stable(n.Name)
		case *ir.CallExtern:
			found = true
		case *ir.CallFn:
			if !c.fns[n.Fn] {
				c.fns[n.Fn] = true
				found = found || c.in(n.Fn.Body)
			}
		case *ir.Query:
			for _, t := range tablesOf(n) {
				if t.ReadIf != nil && !n.System && !c.tables[t] {
					c.tables[t] = true
					found = found || c.in(t.ReadIf.Cond)
				}
			}
		}
		return !found
	})
	return found
}
