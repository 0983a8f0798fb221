package check

import (
	"slices"
	"strings"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/index"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// reducers are the stages that end a pipeline with a value. Some of them are also aggregates of groups.
var reducers = []struct {
	name  string
	group bool
}{
	{"count", true}, {"sum", true}, {"avg", true}, {"min", true}, {"max", true},
	{"first", false}, {"find", false}, {"any", false}, {"all", false},
}

// isReducer reports whether a stage ends a pipeline with a value.
func isReducer(name string) bool {
	for _, r := range reducers {
		if r.name == name {
			return true
		}
	}
	return false
}

// isAggregate reports whether a function combines the rows of a group into one value.
func isAggregate(name string) bool {
	for _, r := range reducers {
		if r.name == name {
			return r.group
		}
	}
	return false
}

// call checks a stage that is called: a reducer or a pipe.
func (r *rows) call(s *ast.CallStage) {
	switch name := s.Name.Name; {
	case name == "find":
		r.find(s)
	case isReducer(name):
		r.reduce(s)
	default:
		r.usePipe(s)
		return
	}
	r.b.m.useOwn(s.Name.Span, index.Stage, s.Name.Name, r.result)
}

// reduce checks a stage that ends a pipeline with a value.
func (r *rows) reduce(s *ast.CallStage) {
	b := r.b
	name := s.Name.Name
	row := r.newRow()
	x, t, ok := b.aggregate(name, s, s.Args, r.row)
	if !ok {
		r.broken, r.result, r.ended = true, types.Bad, name
		return
	}
	if name == "first" {
		t = types.Optional(r.row)
	}
	r.result, r.ended = t, name
	if r.list != nil {
		r.addList(ir.ListStage{Name: name, Row: row, X: x, T: t})
		return
	}
	r.add(&ir.ReduceStage{Pos: b.pos(s), Func: name, Row: row, X: x, T: t})
}

// aggregate checks the argument of a function over many rows and returns the type of its value.
func (b *body) aggregate(name string, s ast.Node, args []ast.Expr, row ir.Type) (ir.Expr, ir.Type, bool) {
	least, most := 1, 1
	switch name {
	case "count", "first":
		least, most = 0, 0
	case "any":
		least = 0
	case "sum", "avg", "min", "max":
		if _, record := row.(*ir.Record); !record {
			least = 0 // it is about the values themselves
		}
	}
	if len(args) < least || len(args) > most {
		b.errorf(s.Where(), diag.CodeArguments, "`%s` takes %s, but got %s", name, diag.Range(least, most, "argument"),
			diag.Count(len(args), "argument")).
			help("write it as in `filter .done | count()`, `sum(.price)` or `any(.done)`")
		return nil, types.Bad, false
	}
	switch name {
	case "count":
		return nil, types.Int, true
	case "first":
		return nil, types.Optional(row), true
	case "any", "all":
		if len(args) == 0 {
			return nil, types.Bool, true
		}
		return b.expr(args[0], types.Bool), types.Bool, true
	}
	var x ir.Expr
	if len(args) == 0 {
		r := b.rows[len(b.rows)-1]
		x = &ir.Local{At: ir.At{Pos: b.pos(s), T: row}, Var: r.row}
	} else {
		x = b.infer(args[0], nil)
	}
	if types.IsBad(x.Type()) {
		return nil, types.Bad, false
	}
	t := types.Plain(x.Type())
	if types.Nullable(t) {
		if name == "sum" || name == "avg" {
			b.mayBeNull(x, x.Where().Span)
			return nil, types.Bad, false
		}
		t = types.Plain(types.Elem(t))
	}
	switch {
	case name == "sum" && types.IsScalar(t, ir.Int, ir.Float, ir.Duration):
		return x, t, true
	case name == "avg" && types.IsScalar(t, ir.Int, ir.Float):
		return x, types.Optional(types.Float), true
	case name == "min" || name == "max":
		if types.IsScalar(t, ir.Int, ir.Float, ir.Duration, ir.Time, ir.String, ir.ID) || types.IsEnum(t) {
			return x, types.Optional(t), true
		}
	}
	b.errorf(x.Where().Span, diag.CodeAggregate, "`%s` cannot take `%s`", name, ir.TypeString(x.Type()))
	return nil, types.Bad, false
}

// find checks `find(key)`.
func (r *rows) find(s *ast.CallStage) {
	b := r.b
	r.ended = "find"
	r.result = types.Optional(r.row)
	if r.list != nil {
		rec, ok := r.row.(*ir.Record)
		if !ok || types.FieldOf(rec, "id") == nil || len(s.Args) != 1 {
			r.onlyTables(s, "find")
			return
		}
		f := types.FieldOf(rec, "id")
		row := r.newRow()
		l, rr, fits := b.align(&ast.Binary{At: s.At}, b.rowFieldExpr(row, f), b.infer(s.Args[0], nil))
		if !fits {
			r.broken = true
			return
		}
		r.addList(ir.ListStage{Name: "filter", Row: row, X: &ir.Binary{At: b.at(s, types.Bool), Op: "==", L: l, R: rr}})
		r.addList(ir.ListStage{Name: "first", Row: r.newRow(), T: r.result})
		return
	}
	if r.row != ir.Type(r.table.Row) {
		b.errorf(s.Span, diag.CodeStage, "`find` looks up a row of a table by its key, but these are not rows of a table").
			help("use `filter … | first()`")
		r.broken = true
		return
	}
	if len(s.Args) != len(r.table.Key) {
		b.errorf(s.Span, diag.CodeArguments, "the key of `%s` is %s, so `find` takes %s", r.table.Row.Name, diag.And(types.Names(r.table.Key)),
			diag.Count(len(r.table.Key), "argument")).also(r.table.Pos, "declared here")
		r.broken = true
		return
	}
	st := &ir.FindStage{Pos: b.pos(s)}
	row := b.rows[len(b.rows)-1]
	b.rows = b.rows[:len(b.rows)-1] // the key must not depend on a row of this pipeline
	for i, a := range s.Args {
		st.Keys = append(st.Keys, b.expr(a, types.Plain(r.table.Key[i].Type)))
	}
	b.rows = append(b.rows, row)
	r.add(st)
}

func (b *body) rowFieldExpr(row *ir.Var, f *ir.Field) ir.Expr {
	return &ir.FieldOf{At: ir.At{Pos: row.Pos, T: f.Type}, X: &ir.Local{At: ir.At{Pos: row.Pos, T: row.Type}, Var: row}, Field: f}
}

// group checks `group .room { .room, n: count() }`.
func (r *rows) group(s *ast.GroupStage) {
	b := r.b
	if r.list != nil {
		r.onlyTables(s, "group")
		return
	}
	st := &ir.GroupStage{Pos: b.pos(s), Row: r.newRow()}
	out := &ir.Record{Pos: b.pos(s), Module: b.m.Name, Anonymous: true}
	r.scope.group = true
	defer func() { r.scope.group = false }()
	shown := map[int]bool{}
	keys := make([]ir.Expr, len(s.Keys))
	for i, k := range s.Keys {
		keys[i] = b.infer(k, nil)
	}
	var aggs []*ir.Field
	if s.Record == nil {
		r.broken = true
		return
	}
	named := map[string]ir.Pos{}
	for _, m := range s.Record.Members {
		if first, twice := named[m.Name.Name]; twice && m.Name.Name != "" {
			b.errorf(m.Name.Span, diag.CodeDuplicateField, "the field `%s` appears twice", m.Name.Name).also(first, "first here")
			r.broken = true
			continue
		}
		named[m.Name.Name] = b.pos(&m.Name)
		value := m.Value
		if value == nil && m.Row {
			value = &ast.RowField{At: m.At, Name: m.Name}
		}
		if call, ok := value.(*ast.Call); ok {
			if n, is := call.Fn.(*ast.Name); is && isAggregate(n.Name) {
				x, t, fine := b.aggregate(n.Name, call, call.Args, r.row)
				if !fine {
					r.broken = true
					continue
				}
				f := &ir.Field{Pos: b.pos(&m.Name), Name: m.Name.Name, Type: t, Secret: x != nil && ir.IsSecret(x), Column: -1}
				b.c.declareField(f)
				b.m.useOwn(n.Span, index.Stage, n.Name, t)
				aggs = append(aggs, f)
				st.Aggs = append(st.Aggs, ir.GroupAgg{Field: f, Func: n.Name, X: x})
				continue
			}
		}
		i := b.keyIndex(s.Keys, value)
		if i < 0 || m.Spread {
			b.errorf(m.Span, diag.CodeAggregate, "a field of a group must be one of its keys, or an aggregate of its rows").
				help("add it to the keys after `group`, or write `count()`, `sum(.x)`, `avg(.x)`, `min(.x)` or `max(.x)`")
			r.broken = true
			continue
		}
		shown[i] = true
		b.m.index.Repeat(s.Keys[i].Where(), value.Where())
		f := &ir.Field{Pos: b.pos(&m.Name), Name: m.Name.Name, Type: types.Widen(keys[i].Type()), Secret: ir.IsSecret(keys[i]), Column: -1}
		b.c.declareField(f)
		out.Fields = append(out.Fields, f)
		st.Keys = append(st.Keys, ir.FieldInit{Field: f, X: keys[i]})
	}
	for i := range s.Keys {
		if !shown[i] && !r.broken {
			b.errorf(s.Keys[i].Where(), diag.CodeAggregate, "a key of the group must be one of its fields").help("add it to the braces")
			r.broken = true
		}
	}
	out.Fields = append(out.Fields, aggs...)
	st.Out = b.nameShape(out, "Group")
	for i := range st.Keys {
		st.Keys[i].Field = st.Out.Fields[i]
	}
	for i := range st.Aggs {
		st.Aggs[i].Field = st.Out.Fields[len(st.Keys)+i]
	}
	r.row = st.Out
	r.add(st)
}

// keyIndex finds the key of the group that is written like a member.
func (b *body) keyIndex(keys []ast.Expr, x ast.Expr) int {
	if x == nil {
		return -1
	}
	for i, k := range keys {
		if b.asWritten(k) == b.asWritten(x) {
			return i
		}
	}
	return -1
}

// asWritten returns an expression as written in the source, without whitespace.
func (b *body) asWritten(x ast.Expr) string {
	s := x.Where()
	text := b.m.src.Text[s.Start:s.End]
	if f, ok := x.(*ast.RowField); ok {
		text = "." + f.Name.Name
	}
	return strings.Join(strings.Fields(text), " ")
}

func (r *rows) unknownStage(s *ast.CallStage, known bool) {
	r.broken = true
	for _, a := range s.Args {
		r.b.infer(a, nil)
	}
	if s.Name.Name == "" {
		return
	}
	if known {
		if sym := r.b.m.Module.Lookup(s.Name.Name); sym.Known() {
			r.b.errorf(s.Name.Span, diag.CodeWrongKind, "`%s` is not a pipe", s.Name.Name)
		}
		return
	}
	stages := slices.Clone(ast.StageWords)
	for _, r := range reducers {
		stages = append(stages, r.name)
	}
	stages = append(stages, r.b.m.declared("pipe")...)
	r.b.errorf(s.Name.Span, diag.CodeUnknownName, "there is no stage or pipe `%s`", s.Name.Name).
		suggest(r.b.m, s.Name.Span, s.Name.Name, stages)
}
