package check

import (
	"fmt"
	"slices"

	"github.com/livec-lang/livec/compiler/check/flow"
	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
)

// stages checks consecutive stages, and records the type of the pipeline after each of them.
func (r *rows) stages(stages []ast.Stage) {
	for i, s := range stages {
		r.stage(s)
		if i > 0 {
			r.limitFirst(stages[i-1], s)
		}
		t := r.result
		if t == nil {
			t = &ir.List{Elem: r.row}
		}
		if !r.broken {
			r.b.m.typed(s.Where(), t)
		}
	}
}

// limitFirst warns of `limit | sort` over a table, unless the rows have an order before that: then the first ones of that order may be
// meant.
func (r *rows) limitFirst(before, after ast.Stage) {
	limit, isLimit := before.(*ast.LimitStage)
	sort, isSort := after.(*ast.SortStage)
	b := r.b
	if !isLimit || !isSort || r.pipe == nil || r.broken || b.kind == "pipe" { // what a pipe continues is not known
		return
	}
	for _, s := range r.pipe.Stages[:len(r.pipe.Stages)-1] {
		if _, sorted := s.(*ir.SortStage); sorted {
			return
		}
	}
	text := b.m.src.Text
	first, then := text[limit.Span.Start:limit.Span.End], text[sort.Span.Start:sort.Span.End]
	b.c.warnf(b.m, limit.Span, diag.CodeLimitFirst, "`%s` keeps the first rows by key, and only these are sorted", first).
		help("put `sort` before `limit`, or write parentheses if you mean this: `(… | %s) | %s`", first, then).
		d().Fix = &diag.Fix{Title: "sort before the limit", Edits: []diag.Edit{
		{File: b.m.src, Span: limit.Span, Text: then}, {File: b.m.src, Span: sort.Span, Text: first}}}
}

// stage checks one stage.
func (r *rows) stage(s ast.Stage) {
	if r.result != nil {
		if !r.broken {
			r.b.errorf(s.Where(), diag.CodeStage, "no stage can follow `%s`, which ends the pipeline", r.ended).
				help("move the stage before it, or name the value with `let`")
		}
		r.broken = true
		return
	}
	if r.paged && !r.broken {
		r.b.errorf(s.Where(), diag.CodeStage, "no stage can follow `page`, which ends the pipeline").help("move the stage before it")
		r.broken = true
	}
	switch s := s.(type) {
	case *ast.FilterStage:
		r.filter(s)
	case *ast.SortStage:
		r.sort(s)
	case *ast.LimitStage:
		r.limit(s)
	case *ast.PageStage:
		if r.list != nil {
			r.onlyTables(s, "page")
			return
		}
		if r.b.kind != "pipe" && (!r.b.live || len(r.b.rows) > 1) {
			r.b.errorf(s.Where(), diag.CodeStage, "`page` only works in live streams").help("write `limit` here")
			r.broken = true
			return
		}
		r.paged = true
		r.add(&ir.PageStage{Pos: r.b.pos(s), N: r.b.number(s.N, "`page`")})
	case *ast.JoinStage:
		r.join(s)
	case *ast.MapStage:
		r.mapping(s)
	case *ast.GroupStage:
		r.group(s)
	case *ast.CallStage:
		r.call(s)
	case *ast.BadStage:
		r.broken = true
	default:
		panic(fmt.Sprintf("a stage of type %T is not checked", s))
	}
}

func (r *rows) add(s ir.Stage) { r.pipe.Stages = append(r.pipe.Stages, s) }

// addList adds a stage to a pipeline over a list. After it, rows have type t.
func (r *rows) addList(s ir.ListStage) {
	if s.T == nil {
		s.T = &ir.List{Elem: r.row}
	}
	r.list.Stages = append(r.list.Stages, s)
}

func (r *rows) onlyTables(s ast.Stage, name string) {
	r.b.errorf(s.Where(), diag.CodeStage, "`%s` only works on rows of a table, but this is a list", name)
	r.broken = true
}

func (r *rows) filter(s *ast.FilterStage) {
	row := r.newRow()
	cond := r.b.expr(s.Cond, types.Bool)
	r.b.facts = r.b.facts.With(flow.Proves(cond, true))
	if r.list != nil {
		r.addList(ir.ListStage{Name: "filter", Row: row, X: cond})
		return
	}
	r.add(&ir.FilterStage{Pos: r.b.pos(s), Row: row, Cond: cond})
}

func (r *rows) sort(s *ast.SortStage) {
	row := r.newRow()
	var keys []ir.ListSortKey
	for _, k := range s.Keys {
		x := r.b.infer(k.X, nil)
		switch t := types.Elem(x.Type()).(type) {
		case *ir.Enum:
		case *ir.Scalar:
			if t.Kind == ir.JSON || t.Kind == ir.Bytes {
				r.b.errorf(k.X.Where(), diag.CodeStageValue, "rows cannot be sorted by %s", diag.Article("`"+ir.TypeString(x.Type())+"`"))
			}
		default:
			if !types.IsBad(x.Type()) {
				r.b.errorf(k.X.Where(), diag.CodeStageValue, "rows cannot be sorted by %s", diag.Article("`"+ir.TypeString(x.Type())+"`")).
					help("sort by single values, such as strings, numbers and times")
			}
		}
		keys = append(keys, ir.ListSortKey{X: x, Desc: k.Desc})
	}
	if r.list != nil {
		r.addList(ir.ListStage{Name: "sort", Row: row, Keys: keys})
		return
	}
	r.add(&ir.SortStage{Pos: r.b.pos(s), Row: row, Keys: keys})
}

func (r *rows) limit(s *ast.LimitStage) {
	if r.list != nil {
		r.addList(ir.ListStage{Name: "limit", X: r.b.expr(s.N, types.Int)})
		return
	}
	r.add(&ir.LimitStage{Pos: r.b.pos(s), N: r.b.number(s.N, "`limit`")})
}

// mapping checks `map { … }` and `map expr`.
func (r *rows) mapping(s *ast.MapStage) {
	b := r.b
	row := r.newRow()
	before := b.resultOf
	b.resultOf = "Row"
	outer := b.maps
	b.maps = true
	x := b.infer(s.X, nil)
	b.resultOf, b.maps = before, outer
	if types.IsBad(x.Type()) {
		r.broken = true
		return
	}
	if flow.IsNull(x) {
		b.errorf(s.X.Where(), diag.CodeNoType, "every row would be `null`")
		r.broken = true
		return
	}
	r.row, r.sent = types.Widen(x.Type()), b.sent(x)
	if r.list != nil {
		r.addList(ir.ListStage{Name: "map", Row: row, X: x})
		return
	}
	st := &ir.MapStage{Pos: b.pos(s), Row: row}
	if lit, ok := x.(*ir.RecordLit); ok {
		st.Fields, st.Out = lit.Fields, lit.T.(*ir.Record)
	} else {
		st.X = x
		if rec, whole := x.Type().(*ir.Record); whole && !isQuery(x) {
			b.errorf(s.X.Where(), diag.CodeStageValue, "`map` needs the fields of the record").
				help("write `map { ...%s }` or name the fields", rec.Name)
			r.broken = true
		}
	}
	r.add(st)
}

func isQuery(x ir.Expr) bool {
	_, ok := x.(*ir.QueryExpr)
	return ok
}

// join checks `join User on .author as author { .name }`.
func (r *rows) join(s *ast.JoinStage) {
	b := r.b
	if r.list != nil {
		r.onlyTables(s, "join")
		return
	}
	in, ok := r.row.(*ir.Record)
	t := r.joined(s)
	if t == nil || !ok {
		if !ok && !types.IsBad(r.row) {
			b.errorf(s.Span, diag.CodeStage, "the rows are single values here, so they cannot be joined").help("move `join` before `map`")
		}
		r.broken = true
		return
	}
	st := &ir.JoinStage{Pos: b.pos(s), Row: r.newRow(), Right: t, Optional: s.Optional, On: t.Key, As: s.As.Name}
	var last *ast.RowField
	for _, on := range s.On {
		last, _ = on.(*ast.RowField)
		st.Left = append(st.Left, b.infer(on, nil))
	}
	if len(st.Left) != len(t.Key) {
		b.errorf(s.Table.Span, diag.CodeJoin, "a join needs the whole key of `%s`: %s", t.Row.Name, diag.And(types.Names(t.Key))).
			help("write %s", map[bool]string{true: "`on .field`", false: "`on (.a, .b)`, in the order of the key"}[len(t.Key) == 1])
		r.broken = true
		return
	}
	for i, l := range st.Left {
		if types.IsBad(l.Type()) {
			r.broken = true
			return
		}
		if !types.Same(types.Elem(l.Type()), t.Key[i].Type) && (!types.IsScalar(types.Elem(l.Type()), ir.ID, ir.String) ||
			!types.IsScalar(t.Key[i].Type, ir.ID, ir.String)) {
			b.errorf(s.On[i].Where(), diag.CodeJoin, "the key of `%[2]s` is `%[1]s`, but this is `%[3]s`", ir.TypeString(t.Key[i].Type), t.Row.Name,
				ir.TypeString(l.Type()))
			r.broken = true
			return
		}
	}
	if st.As == "" {
		if last == nil || len(s.On) != 1 {
			b.errorf(s.Span, diag.CodeJoin, "the joined record has no name").help("write `as name`")
			r.broken = true
			return
		}
		st.As = last.Name.Name
	}
	if old := types.FieldOf(in, st.As); old != nil && (last == nil || last.Name.Name != st.As) {
		b.errorf(s.As.Span, diag.CodeJoin, "the rows already have a field `%s`", st.As).
			help("only the field after `on` can be replaced; give the record another name")
		r.broken = true
		return
	}
	st.Fields = r.joinFields(s, t)
	nested := &ir.Record{Pos: b.pos(&s.Table), Module: b.m.Name, Anonymous: true}
	for _, f := range st.Fields {
		nested.Fields = append(nested.Fields, &ir.Field{Pos: f.Pos, Name: f.Name, Doc: f.Doc, Type: f.Type, Secret: f.Secret, Column: -1})
	}
	st.Nested = b.nameShape(nested, "_"+st.As)
	out := &ir.Record{Pos: b.pos(s), Module: b.m.Name, Anonymous: true}
	as := &ir.Field{Pos: b.pos(s), Name: st.As, Type: st.Nested, Column: -1}
	if st.Optional {
		as.Type = types.Optional(st.Nested)
	}
	if s.As.Name != "" {
		as.Pos = b.pos(&s.As)
		b.c.declareField(as)
	}
	replaced := false
	for _, f := range in.Fields {
		if f.Name == st.As {
			out.Fields = append(out.Fields, as)
			replaced = true
			continue
		}
		out.Fields = append(out.Fields, &ir.Field{Pos: f.Pos, Name: f.Name, Doc: f.Doc, Type: f.Type, Secret: f.Secret, Server: f.Server,
			Column: -1})
	}
	if !replaced {
		out.Fields = append(out.Fields, as)
	}
	st.Out = b.nameShape(out, "Row")
	r.row = st.Out
	r.add(st)
}

// joined returns the table that a join names.
func (r *rows) joined(s *ast.JoinStage) *ir.Table {
	b := r.b
	sym := b.m.refer(s.Table.Name, s.Table.Span)
	if sym == nil {
		if s.Table.Name != "" {
			b.c.unknownType(b.m, &ast.NamedType{At: s.Table.At, Name: s.Table})
		}
		return nil
	}
	d, ok := sym.Decl.(*ast.Table)
	if !ok {
		if sym.Known() {
			b.errorf(s.Table.Span, diag.CodeWrongKind, "`%s` is not a table", s.Table.Name).help("only tables can be joined")
		}
		return nil
	}
	return b.c.table(b.c.home(sym), d)
}

// joinFields returns the fields that the joined record keeps.
func (r *rows) joinFields(s *ast.JoinStage, t *ir.Table) []*ir.Field {
	if s.Fields == nil {
		var out []*ir.Field
		for _, f := range t.Row.Fields {
			if !f.Secret {
				out = append(out, f)
			}
		}
		return out
	}
	var out []*ir.Field
	for _, m := range s.Fields.Members {
		f := types.FieldOf(t.Row, m.Name.Name)
		switch {
		case !m.Row || m.Value != nil:
			r.b.errorf(m.Span, diag.CodeJoin, "a join can only pick fields").
				help("write `.%s`; rename and compute fields in a `map` after the join", m.Name.Name)
		case f == nil:
			r.b.unknownFieldOf(&m.Name, t.Row)
			r.broken = true
		case slices.Contains(out, f):
			r.b.errorf(m.Span, diag.CodeDuplicateField, "the field `%s` appears twice", f.Name)
		default:
			r.b.m.useField(m.Name.Span, f)
			out = append(out, f)
		}
	}
	return out
}
