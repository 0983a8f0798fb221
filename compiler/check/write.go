package check

import (
	"slices"

	"github.com/livec-lang/livec/compiler/check/types"
	"github.com/livec-lang/livec/compiler/ir"
	"github.com/livec-lang/livec/lang/ast"
	"github.com/livec-lang/livec/lang/diag"
	"github.com/livec-lang/livec/lang/source"
)

// written returns the table that a write names; nil if there is none.
func (b *body) written(x ast.Node, name *ast.Ident) *ir.Table {
	if !b.write {
		b.cannotWrite(x, "a write")
	}
	b.writes(x)
	if name.Name == "" {
		return nil
	}
	s := b.m.refer(name.Name, name.Span)
	if s == nil {
		b.c.unknownType(b.m, &ast.NamedType{At: name.At, Name: *name})
		return nil
	}
	d, ok := s.Decl.(*ast.Table)
	if !ok {
		if s.Known() {
			b.errorf(name.Span, diag.CodeWrite, "`%s` is not a table", name.Name).help("only rows of tables can be written")
		}
		return nil
	}
	return b.c.table(b.c.home(s), d)
}

func (b *body) insert(x *ast.Insert) ir.Expr {
	t := b.written(x, &x.Table)
	if t == nil || x.Record == nil {
		if x.Record != nil {
			b.unknownRecord(x.Record)
		}
		return b.bad(b.pos(x))
	}
	lit := b.recordOf(b.named(x.Record, &x.Table), t.Row).(*ir.RecordLit)
	return &ir.Insert{At: b.at(x, t.Row), Table: t, Fields: lit.Fields}
}

// named returns a literal with the name of its table, for messages.
func (b *body) named(r *ast.RecordLit, name *ast.Ident) *ast.RecordLit {
	return &ast.RecordLit{At: r.At, Type: name, Members: r.Members}
}

func (b *body) upsert(x *ast.Upsert) ir.Expr {
	t := b.written(x, &x.Table)
	if t == nil || x.Record == nil {
		if x.Record != nil {
			b.unknownRecord(x.Record)
		}
		return b.bad(b.pos(x))
	}
	members, whole := b.members(x.Record)
	b.keeps(members, t)
	values := b.matchFields(members, t.Row, "")
	strays := b.strays
	out := &ir.Upsert{At: b.at(x, t.Row), Table: t, Asks: b.asks(nil, t)}
	out.By = b.upsertKey(x, t, values)
	var missing []string
	for _, f := range t.Row.Fields {
		v, ok := values[f]
		if ok {
			if !slices.Contains(out.By, f.Column) {
				out.Set = append(out.Set, ir.FieldInit{Field: f, X: v})
			}
		} else {
			switch {
			case f.Default != nil:
				v = f.Default
			case types.Nullable(f.Type):
				v = &ir.Lit{At: b.at(x, f.Type)}
			default:
				if !types.IsBad(f.Type) {
					missing = append(missing, f.Name)
				}
				v = b.bad(b.pos(x))
			}
		}
		out.Fields = append(out.Fields, ir.FieldInit{Field: f, X: v})
	}
	if len(missing) > strays && whole {
		b.missing(b.named(x.Record, &x.Table), t.Row, missing)
	}
	return out
}

// upsertKey finds the columns that identify the row of an upsert: those of the key if all are named, or else those of the
// only unique set whose columns are all named.
func (b *body) upsertKey(x *ast.Upsert, t *ir.Table, values map[*ir.Field]ir.Expr) []int {
	named := func(set []*ir.Field) bool {
		for _, f := range set {
			if _, ok := values[f]; !ok {
				return false
			}
		}
		return len(set) > 0
	}
	if named(t.Key) {
		return types.Columns(t.Key)
	}
	var found [][]*ir.Field
	for _, u := range t.Unique {
		if named(u) {
			found = append(found, u)
		}
	}
	if len(found) == 1 {
		return types.Columns(found[0])
	}
	f := b.errorf(x.Table.Span, diag.CodeUpsertKey, "this does not say which row of `%s` it writes", t.Row.Name).also(t.Pos, "declared here")
	if len(found) > 1 {
		f.help("it names the fields of several `unique` sets: name the fields of one, or the key")
	} else {
		f.help("name the key, %s, or the fields of a `unique` set", diag.And(types.Names(t.Key)))
	}
	return types.Columns(t.Key)
}

func (b *body) update(x *ast.Update) ir.Expr {
	if x.Cond != nil {
		return b.updateWhere(x)
	}
	if !b.write {
		b.cannotWrite(x, "a write")
	}
	b.writes(x)
	row := b.infer(x.Target, nil)
	t := b.rowTable(row, x.Target, "update %s where … { … }")
	if t == nil {
		if x.Set != nil {
			b.unknownRecord(x.Set)
		}
		return b.bad(b.pos(x))
	}
	out := &ir.UpdateRow{At: b.at(x, t.Row), Table: t, Row: row, Asks: b.asks(row, t)}
	if x.Patch != nil {
		out.Patch = b.expr(x.Patch, b.c.patch(t.Row))
		return out
	}
	out.Old, out.Set = b.set(x, t)
	return out
}

// rowTable returns the table of a row that is written; nil if the expression is not a row. where is the syntax for several
// rows.
func (b *body) rowTable(row ir.Expr, at ast.Expr, where string) *ir.Table {
	t := row.Type()
	if types.IsBad(t) {
		return nil
	}
	if types.Nullable(t) {
		b.mayBeNull(row, at.Where())
		return nil
	}
	r, ok := t.(*ir.Record)
	if !ok || r.Table == nil {
		f := b.errorf(at.Where(), diag.CodeWrite, "this is `%s`, not a row of a table", ir.TypeString(t))
		if l, list := t.(*ir.List); list {
			if lr, is := l.Elem.(*ir.Record); is && lr.Table != nil {
				f.help("write `where`: `"+where+"`", lr.Name)
			}
		}
		return nil
	}
	return r.Table
}

// set checks the braces of an update. In them, `.n` is the stored value.
func (b *body) set(x *ast.Update, t *ir.Table) (*ir.Var, []ir.FieldInit) {
	old := &ir.Var{Pos: b.pos(x), Name: "old", Type: t.Row}
	if x.Set == nil {
		return old, nil
	}
	b.rows = append(b.rows, &rowScope{row: old, list: true})
	defer func() { b.rows = b.rows[:len(b.rows)-1] }()
	members, _ := b.members(x.Set)
	b.keeps(members, t)
	values := b.matchFields(members, t.Row, "")
	var out []ir.FieldInit
	for _, f := range t.Row.Fields {
		v, ok := values[f]
		if !ok {
			continue
		}
		if slices.Contains(t.Key, f) {
			b.errorf(memberAt(members, f.Name), diag.CodeWrite, "`%s` is the key of the row, which an update cannot change", f.Name).
				help("delete the row and insert another")
			continue
		}
		out = append(out, ir.FieldInit{Field: f, X: v})
	}
	return old, out
}

func memberAt(members []memberInit, name string) (at source.Span) {
	for _, g := range members {
		if g.name == name {
			at = g.at
		}
	}
	return at
}

// whereQuery returns the query for the rows that match a `where`.
func (b *body) whereQuery(x ast.Expr, target ast.Expr, where ast.Expr) (*ir.Table, *ir.Query) {
	name, ok := target.(*ast.Name)
	if !ok {
		b.errorf(target.Where(), diag.CodeWrite, "`where` must follow the name of a table")
		return nil, nil
	}
	t := b.written(x, &ast.Ident{At: name.At, Name: name.Name})
	if t == nil {
		return nil, nil
	}
	row := &ir.Var{Pos: b.pos(x), Name: "row", Type: t.Row}
	b.rows = append(b.rows, &rowScope{row: row})
	cond := b.expr(where, types.Bool)
	b.rows = b.rows[:len(b.rows)-1]
	q := &ir.Query{
		Pos: b.pos(x), Name: b.queryName(), System: b.system, Row: t.Row, Result: &ir.List{Elem: t.Row},
		Pipeline: &ir.Pipeline{Pos: b.pos(x), Table: t, Stages: []ir.Stage{&ir.FilterStage{Pos: b.pos(where), Row: row, Cond: cond}}},
	}
	b.c.prog.Queries = append(b.c.prog.Queries, q)
	return t, q
}

func (b *body) updateWhere(x *ast.Update) ir.Expr {
	t, q := b.whereQuery(x, x.Target, x.Cond)
	if t == nil {
		return b.bad(b.pos(x))
	}
	out := &ir.UpdateWhere{At: b.at(x, types.Int), Table: t, Query: q}
	if x.Patch != nil {
		b.infer(x.Patch, nil)
		b.errorf(x.Patch.Where(), diag.CodeWrite, "a patch applies to one row only").help("find the row, then write `update row patch`")
		return out
	}
	out.Old, out.Set = b.set(x, t)
	return out
}

func (b *body) delete(x *ast.Delete) ir.Expr {
	if x.Cond != nil {
		t, q := b.whereQuery(x, x.Target, x.Cond)
		if t == nil {
			return b.bad(b.pos(x))
		}
		return &ir.DeleteWhere{At: b.at(x, types.Int), Table: t, Query: q}
	}
	if !b.write {
		b.cannotWrite(x, "a delete")
	}
	b.writes(x)
	row := b.infer(x.Target, nil)
	t := b.rowTable(row, x.Target, "delete %s where …")
	if t == nil {
		return b.bad(b.pos(x))
	}
	return &ir.DeleteRow{At: b.at(x, types.Void), Table: t, Row: row, Asks: b.asks(row, t)}
}
