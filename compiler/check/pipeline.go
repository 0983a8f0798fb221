package check

import (
	"fmt"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/compiler/resolve"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// rows is a pipeline being checked.
type rows struct {
	b      *body
	ast    *ast.Pipeline
	alias  *ast.Ident // the name of its rows; nil if there is none
	scope  *rowScope
	row    ir.Type // the type of one row
	result ir.Type // the type of the value, if a stage has ended the pipeline
	ended  string  // the name of that stage
	broken bool
	paged  bool

	table *ir.Table // set for a pipeline over a table
	pipe  *ir.Pipeline
	list  *ir.ListPipe // set for a pipeline over a list
	sent  bool         // its rows come from a client
}

// pipeline checks `source | stage | …`.
func (b *body) pipeline(x *ast.Pipeline) ir.Expr {
	r := b.source(x)
	if r == nil {
		b.misspelt = true // the unknown stages may use rows in any way
		b.unknownRows(x)
		return b.bad(b.pos(x))
	}
	b.rows = append(b.rows, r.scope)
	r.stages(x.Stages)
	b.rows = b.rows[:len(b.rows)-1]
	return r.expr()
}

// unknownRows checks the parts of stages whose row type is unknown. It does not report the stages themselves.
func (b *body) unknownRows(x *ast.Pipeline) {
	row := &rowScope{row: &ir.Var{Pos: b.pos(x), Name: "row", Type: types.Bad}, list: true}
	if x.Alias != nil {
		row.alias, row.row.Name, row.row.Pos = x.Alias.Name, x.Alias.Name, b.pos(x.Alias)
		b.c.index.Declare(variable(index.Variable, row.row))
	}
	b.rows = append(b.rows, row)
	defer func() { b.rows = b.rows[:len(b.rows)-1] }()
	for _, s := range x.Stages {
		for _, in := range parts(s) {
			b.infer(in, types.Bad)
		}
	}
}

// parts returns the expressions in a stage.
func parts(s ast.Stage) []ast.Expr {
	switch s := s.(type) {
	case *ast.FilterStage:
		return []ast.Expr{s.Cond}
	case *ast.SortStage:
		var out []ast.Expr
		for _, k := range s.Keys {
			out = append(out, k.X)
		}
		return out
	case *ast.LimitStage:
		return []ast.Expr{s.N}
	case *ast.PageStage:
		return []ast.Expr{s.N}
	case *ast.JoinStage:
		return s.On
	case *ast.MapStage:
		return []ast.Expr{s.X}
	case *ast.GroupStage:
		return s.Keys
	case *ast.CallStage:
		return s.Args
	case *ast.BadStage:
		return nil
	}
	panic(fmt.Sprintf("the parts of a stage of kind %T are not known", s))
}

// source starts a pipeline at a table, at a list, or at another pipeline.
func (b *body) source(x *ast.Pipeline) *rows {
	r := &rows{b: b, ast: x, scope: &rowScope{}}
	if x.Alias != nil {
		r.named(x.Alias)
		b.aliased(x.Alias)
	}
	src := x.Source
	if p, ok := src.(*ast.Paren); ok {
		src = p.X
	}
	if inner, ok := src.(*ast.Pipeline); ok { // its stages continue that pipeline
		from := b.source(inner)
		if from == nil {
			return nil
		}
		b.rows = append(b.rows, from.scope)
		from.stages(inner.Stages)
		b.rows = b.rows[:len(b.rows)-1]
		if from.result == nil {
			if x.Alias != nil {
				from.named(x.Alias)
				from.newRow()
			}
			return from
		}
		return b.listSource(r, from.expr(), x.Source)
	}
	if n, ok := src.(*ast.Name); ok && b.find(n.Name) == nil {
		if s := b.m.refer(n.Name, n.Span); s != nil {
			if d, is := s.Decl.(*ast.Table); is {
				t := b.c.table(b.c.home(s), d)
				r.table, r.row = t, t.Row
				r.pipe = &ir.Pipeline{Pos: b.pos(x), Table: t}
				r.newRow()
				return r
			}
		}
	}
	return b.listSource(r, b.part(x.Source, nil), x.Source)
}

// aliased reports a name for rows that is already in scope.
func (b *body) aliased(name *ast.Ident) {
	if name.Name == "" {
		return
	}
	b.c.spelled(b.m, name, "variable", resolve.Camel)
	refuse := func(old ir.Pos) {
		b.errorf(name.Span, diag.CodeShadow, "another variable named `%s` is in scope", name.Name).
			also(old, "the other variable").help("give one of them another name")
	}
	for s := b.scope; s != nil; s = s.parent {
		if l := s.names[name.Name]; l != nil {
			l.used = true
			refuse(l.v.Pos)
			return
		}
	}
	for _, r := range b.rows {
		if r.alias == name.Name {
			refuse(r.row.Pos)
			return
		}
	}
}

func (b *body) listSource(r *rows, list ir.Expr, at ast.Expr) *rows {
	if types.IsBad(list.Type()) {
		return nil
	}
	t, ok := list.Type().(*ir.List)
	if !ok {
		if types.Nullable(list.Type()) {
			b.mayBeNull(list, at.Where())
		} else {
			b.errorf(at.Where(), diag.CodeStageValue, "`%s` has no rows", ir.TypeString(list.Type())).
				help("start a pipeline with a table, a list or another pipeline")
		}
		return nil
	}
	r.row, r.scope.list = t.Elem, true
	r.list, r.sent = &ir.ListPipe{List: list}, b.sent(list)
	r.newRow()
	return r
}

// named gives the rows of the stages after this a name.
func (r *rows) named(alias *ast.Ident) {
	r.alias, r.scope.alias = alias, alias.Name
}

// newRow makes the row variable of the next stage. Its rows may have another type.
func (r *rows) newRow() *ir.Var {
	before := r.scope.row
	r.scope.row = &ir.Var{Pos: r.b.pos(r.ast), Name: "row", Type: r.row}
	if r.alias != nil && r.alias.Name != "" {
		r.scope.row.Name, r.scope.row.Pos = r.alias.Name, r.b.pos(r.alias)
		if before == nil || before.Pos != r.scope.row.Pos {
			r.b.c.index.Declare(variable(index.Variable, r.scope.row))
		}
	}
	if r.sent {
		r.b.inputs[r.scope.row] = true
	}
	if before != nil && before.Type == r.row { // keep what a filter has proved of the rows
		r.b.facts = r.b.facts.With(r.b.facts.Renamed(before, r.scope.row))
	}
	return r.scope.row
}

// expr returns the value of the whole pipeline.
func (r *rows) expr() ir.Expr {
	b := r.b
	t := r.result
	if t == nil {
		t = &ir.List{Elem: r.row}
	}
	if r.broken || types.IsBad(r.row) {
		return b.bad(b.pos(r.ast))
	}
	if r.list != nil {
		if len(r.list.Stages) == 0 {
			return r.list.List
		}
		r.list.At = b.at(r.ast, t)
		return r.list
	}
	q := &ir.Query{Pos: b.pos(r.ast), Pipeline: r.pipe, System: b.asSystem(), Result: t}
	q.Row, _ = r.row.(*ir.Record)
	if r.result != nil && r.ended != "first" && r.ended != "find" {
		q.Row = nil
	}
	if !b.nested() {
		q.Name = b.queryName()
		b.c.prog.Queries = append(b.c.prog.Queries, q)
	}
	return &ir.QueryExpr{At: b.at(r.ast, t), Query: q}
}

// nested reports whether the query is inside of the rows of another query, and so becomes a part of it.
func (b *body) nested() bool {
	for _, r := range b.rows {
		if !r.list {
			return true
		}
	}
	return false
}
